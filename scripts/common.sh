# Shared by the scripts beside it: settings of dotnet, and the build under a lock. Source it; do not run it.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# No build server may outlive a script.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
artifacts="$root/artifacts"
build_options=(--configuration Release --disable-build-servers -nodeReuse:false -p:UseSharedCompilation=false -verbosity:quiet)

require_dotnet() {
    if ! command -v dotnet > /dev/null; then
        echo "ActorMD needs the .NET SDK 10: install it (Debian and Ubuntu: package dotnet-sdk-10.0) so that 'dotnet' is on the PATH" >&2
        exit 4
    fi
}

# Runs a command while no other script of this work tree builds.
with_build_lock() {
    mkdir -p "$artifacts"
    if command -v flock > /dev/null; then
        (flock 9 && "$@" 9>&-) 9> "$artifacts/build.lock"
    else
        "$@"
    fi
}

# Whether a source is newer than the stamp of the last build: is_stale STAMP [MORE FOLDERS]. Folders count, so that a removed file is noticed.
is_stale() {
    local stamp="$1"
    [[ ! -e "$stamp" ]] || [[ -n "$(find "$root"/src "$root"/examples "$root"/Directory.* "$root"/global.json "${@:2}" \
        \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print -quit)" ]]
}

# Builds everything, and leaves a stamp. Folders of output are made beforehand, so that the build does not touch those of the sources.
built="$artifacts/build.stamp"
build_all() {
    local folder
    for folder in "$root"/src/*/ "$root"/tests/*/; do [[ ! -e "$folder/$(basename "$folder").csproj" ]] || mkdir -p "$folder/bin" "$folder/obj"; done
    touch "$built.next"
    dotnet build "$root/ActorMD.sln" "${build_options[@]}"
    mv "$built.next" "$built"
}

# The program as scripts/actormd starts it, and the stamp of its build.
program="$artifacts/program/actormd.dll"
stamp="$artifacts/actormd.stamp"

# Builds the program with the parts that only start up, read and write compiled ahead of time (ActorMD.Cli.csproj).
publish_program() {
    local folder
    # Made beforehand, so that the build does not touch the folders of the sources.
    for folder in "$root"/src/*/; do mkdir -p "$folder/bin" "$folder/obj"; done
    touch "$stamp.next"
    dotnet publish "$root/src/ActorMD.Cli" "${build_options[@]}" --use-current-runtime --self-contained false \
        -p:PublishReadyToRun=true --output "$artifacts/program"
    mv "$stamp.next" "$stamp"
}

# Writes the software bill of materials of the program (CycloneDX): its packages with versions, hashes and licences. write_bill_of_materials FOLDER NAME
write_bill_of_materials() {
    mkdir -p "$1"
    dotnet tool restore > /dev/null
    dotnet dotnet-CycloneDX "$root/src/ActorMD.Cli/ActorMD.Cli.csproj" --output "$1" --filename "$2" --output-format Json \
        --set-name ActorMD --set-type Application --set-version "$(dotnet msbuild "$root/src/ActorMD.Cli" -getProperty:Version)" > /dev/null
}
