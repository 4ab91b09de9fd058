"""S07: installed from the lock file and a folder of wheels, without a network; nothing is built from source.

The commands are those of ``make install``; the faults are planted in the folder they install from.
"""

from __future__ import annotations

import base64
import hashlib
import shlex
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import WHOLE, Seen

ROOT = Path(__file__).parents[2]
WHEELHOUSE = ROOT / ".wheelhouse"
WHEEL, SDIST = "planted-1.0-py3-none-any.whl", "planted-1.0.tar.gz"
IN_TREE = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
Install = Callable[[Path], subprocess.CompletedProcess[str]]


def cut_off(command: list[str]) -> list[str]:
    """The command in a namespace without a network; as it is where nobody may make one."""
    lonely = ["unshare", "--map-root-user", "--net"]
    is_allowed = shutil.which("unshare") and not subprocess.run([*lonely, "true"], check=False).returncode
    return [*lonely, *command] if is_allowed else command


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """What ``make install`` does with a lock file, on another lock file and an empty environment."""
    place = tmp_path / "place"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    words = ["make", "--dry-run", "--always-make", "install", f"VENV={place}", f"WHEELHOUSE={tmp_path}"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (line,) = (one for one in told.splitlines() if one.endswith("-r requirements.lock"))
    _, *options = shlex.split(line)
    uv = str(Path(sys.executable).with_name("uv"))

    def run(lock: Path) -> subprocess.CompletedProcess[str]:
        command = [uv, "--cache-dir", str(tmp_path / "cache"), *options[:-1], str(lock)]
        return subprocess.run(cut_off(command), capture_output=True, text=True, check=False, timeout=300)

    return run


def wheel(folder: Path) -> Path:
    """The smallest wheel there is."""
    path, about = folder / WHEEL, "planted-1.0.dist-info"
    files = {
        "planted.py": b"ANSWER = 42\n",
        f"{about}/METADATA": b"Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n",
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{name},sha256={_digest(text)},{len(text)}\n" for name, text in files.items()]
    files[f"{about}/RECORD"] = "".join([*record, f"{about}/RECORD,,\n"]).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _digest(text: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()


def sdist(folder: Path) -> Path:
    """A source that needs nothing to be built, and leaves a mark when it is."""
    source = folder / "source" / "planted-1.0"
    source.mkdir(parents=True)
    (source / "backend.py").write_text(f"import pathlib\npathlib.Path({str(folder / 'built')!r}).touch()\n")
    (source / "pyproject.toml").write_text(IN_TREE)
    (source / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n")
    with tarfile.open(folder / SDIST, "w:gz") as archive:
        archive.add(source, source.name)
    return folder / SDIST


def lock_of(file: Path) -> Path:
    lock = file.parent / "requirements.lock"
    lock.write_text(f"planted==1.0 --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n")
    return lock


@pytest.mark.fault("S07")
def test_wheel_of_the_folder_is_installed_without_a_network(install: Install, tmp_path: Path) -> None:
    done = install(lock_of(wheel(tmp_path)))
    assert done.returncode == 0, done.stderr
    python = tmp_path / "place" / "bin" / "python"
    assert subprocess.run([python, "-c", "import planted; raise SystemExit(planted.ANSWER)"]).returncode == 42


@pytest.mark.fault("S07")
def test_source_is_never_built_when_it_is_all_there_is(install: Install, tmp_path: Path) -> None:
    done = install(lock_of(sdist(tmp_path)))
    assert done.returncode != 0
    assert not (tmp_path / "built").exists()


@pytest.mark.fault("S07")
def test_wheel_is_refused_when_it_is_not_the_one_that_was_locked(install: Install, tmp_path: Path) -> None:
    lock = lock_of(wheel(tmp_path))
    with zipfile.ZipFile(tmp_path / WHEEL, "a") as archive:
        archive.writestr("planted_too.py", "")
    done = install(lock)
    assert done.returncode != 0
    assert "ash" in done.stderr


@pytest.mark.fault("S07")
def test_wheel_is_refused_when_the_lock_file_holds_no_hash_of_it(install: Install, tmp_path: Path) -> None:
    wheel(tmp_path)
    (tmp_path / "requirements.lock").write_text("planted==1.0\n")
    assert install(tmp_path / "requirements.lock").returncode != 0


@pytest.mark.fault("S07")
def test_house_is_installed_whole_without_a_network(tmp_path: Path, seen: Seen) -> None:
    if not (WHOLE and WHEELHOUSE.is_dir()):
        pytest.skip("takes minutes: run `make wheelhouse`, then `make faults`")
    place = tmp_path / "place"
    words = ["make", "install", f"VENV={place}", f"WHEELHOUSE={WHEELHOUSE}", f"PYTHON={sys.executable}"]
    command = ["env", f"UV_CACHE_DIR={tmp_path / 'cache'}", "PIP_NO_CACHE_DIR=1", *words]
    done = subprocess.run(cut_off(command), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = subprocess.run(
        [place / "bin" / "guildhall", "--version"], capture_output=True, text=True, check=True
    )
    seen(f"{len(list(WHEELHOUSE.iterdir()))} wheels, no network: {said.stdout.strip()}")
