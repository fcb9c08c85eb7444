// Solves the small task of a form while it is being filled in (shared/web/challenge.py).
"use strict";

{
  const K = new Uint32Array(64);
  const START = new Uint32Array(8);
  // The constants of SHA-256 (FIPS 180-4): fractional parts of the roots of the first primes.
  for (let n = 2, found = 0; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) START[found] = (Math.sqrt(n) % 1) * 2 ** 32;
    K[found++] = (Math.cbrt(n) % 1) * 2 ** 32;
  }

  const W = new Uint32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));

  // The first word of SHA-256 of a text of plain letters and digits.
  const firstWord = (text) => {
    const blocks = ((text.length + 8) >>> 6) + 1;
    const bytes = new Uint8Array(blocks * 64);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    bytes[text.length] = 0x80;
    const view = new DataView(bytes.buffer);
    view.setUint32(blocks * 64 - 4, text.length * 8);
    const h = START.slice();
    for (let at = 0; at < bytes.length; at += 64) {
      for (let i = 0; i < 16; i++) W[i] = view.getUint32(at + i * 4);
      for (let i = 16; i < 64; i++) {
        const a = W[i - 15], b = W[i - 2];
        const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
        const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
        W[i] = W[i - 16] + s0 + W[i - 7] + s1;
      }
      let [a, b, c, d, e, f, g, z] = h;
      for (let i = 0; i < 64; i++) {
        const t1 = (z + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
        const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        z = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += z;
    }
    return h[0];
  };

  for (const box of document.querySelectorAll("[data-challenge]")) {
    const form = box.closest("form");
    const answer = form.elements.challenge_answer;
    const start = `${box.dataset.challenge}:${box.dataset.key}:`;
    const bits = Number(box.dataset.bits);
    let tried = 0, waiting = null;

    const work = () => {
      const end = performance.now() + 20;
      while (performance.now() < end) {
        for (let i = 0; i < 50; i++, tried++) {
          if (firstWord(start + tried) >>> (32 - bits)) continue;
          answer.value = String(tried);
          box.textContent = box.dataset.done;
          if (waiting) form.requestSubmit(waiting.submitter);
          return;
        }
      }
      setTimeout(work);
    };

    // Whoever presses the button before it is done need not press it again.
    document.addEventListener("submit", (event) => {
      if (event.target !== form || answer.value || event.submitter?.name === "drop") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = event;
      box.textContent = box.dataset.busy;
    }, true);
    box.textContent = box.dataset.busy;
    work();
  }
}
