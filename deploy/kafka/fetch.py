"""Java, Maven, and the jars of Apache Kafka: found, or fetched once."""

import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from deploy.processes import ClusterError, MissingError

VERSION = "4.3.1"
HERE = Path(__file__).parent
LIBRARIES = HERE / "libs"
OLDEST_JAVA = 17


@cache
def java() -> str:
    """The path of a Java that can run the broker. Raises MissingError."""
    found = shutil.which("java")
    if found is None:
        raise MissingError("Java", f"install Java {OLDEST_JAVA} or newer (default-jre-headless)")
    words = subprocess.run(  # noqa: S603 - the arguments are our own
        [found, "-version"], capture_output=True, text=True, check=False
    ).stderr
    version = re.search(r'version "(\d+)', words)
    if version is None or int(version[1]) < OLDEST_JAVA:
        raise MissingError(f"Java {OLDEST_JAVA}", f"{found} is older; Kafka {VERSION} needs it")
    return found


def fetched() -> bool:
    return (LIBRARIES / f"kafka_2.13-{VERSION}.jar").is_file()


def fetch() -> Path:
    """The folder with the jars; fetched by Maven when it isn't there. Harmless when repeated.

    Raises MissingError without Maven, ClusterError when Maven fails.
    """
    if fetched():
        return LIBRARIES
    maven = shutil.which("mvn")
    if maven is None:
        raise MissingError("Maven", f"install maven, which fetches Apache Kafka {VERSION}")
    with tempfile.TemporaryDirectory(dir=HERE, prefix="libs-") as fresh:
        _copy_dependencies(maven, Path(fresh))
        shutil.rmtree(LIBRARIES, ignore_errors=True)
        shutil.copytree(fresh, LIBRARIES)
    return LIBRARIES


def _copy_dependencies(maven: str, folder: Path) -> None:
    goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
    done = subprocess.run(  # noqa: S603 - the arguments are our own
        [maven, "-q", "-B", "-f", str(HERE / "pom.xml"), goal, f"-DoutputDirectory={folder}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not (folder / f"kafka_2.13-{VERSION}.jar").is_file():
        said = (done.stdout + done.stderr).strip().splitlines()[-5:]
        raise ClusterError(f"Maven could not fetch Apache Kafka {VERSION}: " + " / ".join(said))
