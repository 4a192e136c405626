"""What the image holds, run directly: the wheel, outside the checkout, with what the locks name beside it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.deploy.test_files import CONTAINERFILE
from tests.services.house import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as the image builds it and installed in a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    built = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT]
    subprocess.run(built, check=True, capture_output=True)
    [wheel] = folder.glob("govern-*.whl")
    there = folder / "there"
    install = [*pip, "install", "--no-deps", "--no-index", "--target", there, wheel]
    subprocess.run(install, check=True, capture_output=True)
    return there


def _environment(installed: Path, folder: Path, **given: str) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("GOVERN_")}
    return {
        **ours,
        "PYTHONPATH": str(installed),
        "PYTHONDONTWRITEBYTECODE": "1",
        "GOVERN_DATABASE_URL": f"sqlite:///{folder / 'govern.db'}",
        **given,
    }


def test_the_demo_runs_where_there_is_no_checkout(installed: Path, tmp_path: Path) -> None:
    where = [sys.executable, "-c", "import govern; print(govern.__file__)"]
    environment = _environment(installed, tmp_path)
    told = subprocess.run(
        where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert Path(told.stdout.strip()).is_relative_to(installed), told
    done = subprocess.run(
        [sys.executable, installed / "bin" / "govern", "demo"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "27 projects" in done.stdout
    assert "Recommendations waiting for an answer" in done.stdout


def test_it_serves_until_it_is_told_to_end_and_the_image_s_check_sees_it(
    installed: Path, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = tmp_path / "address"
    address.write_text(f"sqlite:///{tmp_path / 'govern.db'}\n", encoding="utf-8")
    environment = _environment(
        installed,
        tmp_path,
        GOVERN_DATABASE_URL="",
        GOVERN_DATABASE_URL_FILE=str(address),
        GOVERN_HOST="127.0.0.1",
        GOVERN_PORT=port,
        GOVERN_LOG_FORM="json",
        GOVERN_TICKS="no",
    )
    program = [sys.executable, str(installed / "bin" / "govern")]
    migrated = subprocess.run(
        [*program, "database", "migrate"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert migrated.returncode == 0, migrated.stderr
    text = CONTAINERFILE.read_text(encoding="utf-8")
    found = re.search(r"HEALTHCHECK .*\\\n\s+CMD (\[.*\])", text)
    assert found
    check = [sys.executable, *yaml.safe_load(found[1])[1:]]
    with subprocess.Popen(
        [*program, "serve"], cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            for _ in range(240):
                well = subprocess.run(check, env=environment, capture_output=True, check=False)
                if well.returncode == 0 or server.poll() is not None:
                    break
                time.sleep(0.5)
            assert well.returncode == 0, well.stderr
        finally:
            server.send_signal(signal.SIGTERM)
            _, said = server.communicate(timeout=60)
    assert server.returncode == 0, said
    # Nothing was written but where it is told to.
    kept = {each.name for each in tmp_path.iterdir()}
    assert kept <= {"address", "govern.db", "govern.db-wal", "govern.db-shm", "keys"}, kept
