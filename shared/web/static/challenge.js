// Solves the small tasks of a form while it is being filled in (shared/limits/challenge.py).
"use strict";

{
  const K = new Int32Array(64);
  const START = new Int32Array(8);
  // The constants of SHA-256 (FIPS 180-4): fractional parts of the roots of the first primes.
  for (let n = 2, found = 0; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) START[found] = (Math.sqrt(n) % 1) * 2 ** 32;
    K[found++] = (Math.cbrt(n) % 1) * 2 ** 32;
  }

  const W = new Int32Array(64);
  const H = new Int32Array(8);

  // Mixes the next 64 bytes of `bytes` into `h`.
  const mix = (h, bytes, at) => {
    for (let i = 0; i < 16; i++, at += 4)
      W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    for (let i = 16; i < 64; i++) {
      const a = W[i - 15], b = W[i - 2];
      const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
      const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
      W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
    }
    let a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], z = h[7];
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t1 = (z + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      z = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += z;
  };

  // A function that tells the first word of SHA-256 of `start` and a number behind it. Both are plain
  // letters and digits; the blocks that `start` fills are the same each time and mixed once.
  const firstWords = (start) => {
    const whole = start.length & ~63, rest = start.length - whole;
    const before = START.slice(), tail = new Uint8Array(128);
    const bytes = Uint8Array.from(start, (letter) => letter.charCodeAt(0));
    for (let at = 0; at < whole; at += 64) mix(before, bytes, at);
    tail.set(bytes.subarray(whole));
    return (number) => {
      const digits = String(number);
      let end = rest;
      for (let i = 0; i < digits.length; i++) tail[end++] = digits.charCodeAt(i);
      const last = end + 9 > 64 ? 128 : 64, bits = (whole + end) * 8;
      tail[end] = 0x80;
      tail.fill(0, end + 1, last);
      tail[last - 2] = bits >>> 8;
      tail[last - 1] = bits;
      H.set(before);
      for (let at = 0; at < last; at += 64) mix(H, tail, at);
      return H[0];
    };
  };

  for (const box of document.querySelectorAll("[data-challenge]")) {
    const form = box.closest("form");
    const answer = form.elements.challenge_answer;
    const start = `${box.dataset.challenge}:${box.dataset.key}:`;
    const clear = 32 - Number(box.dataset.bits), parts = Number(box.dataset.parts);
    const shown = form.querySelector("[data-challenge-progress]");
    const found = [];
    let tried = 0, word = firstWords(`${start}0:`), waiting = null;

    // Browsers from before 2022 cannot press a button for somebody.
    const send = () => form.requestSubmit ? form.requestSubmit(waiting.submitter) : form.submit();

    const solved = () => {
      answer.value = found.join(".");
      box.textContent = box.dataset.done;
      shown.hidden = true;
      if (waiting) send();
    };

    const work = () => {
      const end = performance.now() + 20;
      while (performance.now() < end) {
        for (let i = 0; i < 50; i++, tried++) {
          if (word(tried) >>> clear) continue;
          found.push(tried);
          shown.firstElementChild.value = found.length;
          if (found.length === parts) return solved();
          word = firstWords(`${start}${found.length}:`);
          tried = -1;
        }
      }
      setTimeout(work);
    };

    // On a slow telephone the pause may be over first, which is as good. Who has computed half of it
    // by then is soon done: pauses of one address are few, and others may need them.
    let paused = true;
    setTimeout(() => {
      paused = false;
      if (waiting && found.length < parts / 2) send();
    }, (Number(box.dataset.seconds) + 1) * 1000);
    const passes = () => answer.value || (!paused && found.length < parts / 2);

    // Whoever presses the button before it is done need not press it again.
    document.addEventListener("submit", (event) => {
      if (event.target !== form || passes() || event.submitter?.name === "drop") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = event;
      box.textContent = box.dataset.busy;
    }, true);
    box.textContent = box.dataset.busy;
    shown.hidden = false;
    work();
  }
}
