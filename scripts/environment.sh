# Read by the other scripts: `environment run` or `environment dev` makes a virtual
# environment in .venv of the checkout, with the package installed editable and, for dev,
# with all that the checks need.  `browser` installs a browser for the tests of reports.
#
# An environment that is up to date is left alone.  It is made anew when pyproject.toml
# changes, when the checkout moves, or when its Python is gone.  PYTHON names the
# interpreter to build it with.

root=$(cd "$(dirname "$0")/.." && pwd)
venv=$root/.venv

complain() {
    printf '%s\n' "$@" >&2
    exit 2
}

# A Python of at least the wanted version, or a message that says what is missing.
suitable_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    complain "found no Python 3.11 or newer (tried ${PYTHON:-python3 and python3.11 to python3.14})" \
        "install one, or name it: PYTHON=/path/to/python sh $0"
}

environment() {
    wanted=$1
    stamp="$root $(cksum <"$root/pyproject.toml")"
    if ! "$venv/bin/python" -c '' 2>/dev/null || [ "$(cat "$venv/made-for" 2>/dev/null)" != "$stamp" ]; then
        python=$(suitable_python) || exit 2
        printf 'making a virtual environment in %s\n' "$venv" >&2
        "$python" -m venv --clear "$venv" >&2 ||
            complain "$python cannot make virtual environments" "on Debian and Ubuntu: apt-get install python3-venv"
        printf '%s\n' "$stamp" >"$venv/made-for"
    fi
    if [ -e "$venv/installed-dev" ] || [ -e "$venv/installed-$wanted" ]; then
        return
    fi
    case $wanted in
        dev) what="$root[dev]" ;;
        *) what=$root ;;
    esac
    printf 'installing routeproof and what it needs\n' >&2
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable "$what" >&2 ||
        complain "the installation failed; what pip says is above"
    : >"$venv/installed-$wanted"
}

# The browser in which reports are tested; the tests that need it are left out where it cannot be had.
browser() {
    if command -v chromium >/dev/null && command -v chromedriver >/dev/null; then
        return
    fi
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        printf 'no chromium and chromedriver: the browser tests are left out\n' >&2
        return
    fi
    printf 'installing chromium for the browser tests\n' >&2
    { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
        chromium chromium-driver fonts-dejavu-core; } >/dev/null 2>&1 ||
        printf 'chromium could not be installed: the browser tests are left out\n' >&2
}
