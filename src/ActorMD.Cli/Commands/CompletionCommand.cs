using System.CommandLine;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Inputs;
using ActorMD.Files.Yaml;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd completion bash|zsh|fish</c>.</summary>
/// <remarks>The scripts ask the program itself, by the directive [suggest:POSITION] of System.CommandLine, so that they never become
/// stale.</remarks>
internal sealed class CompletionCommand : CommandWithExamples
{
    private const string Bash = """
        # Completion of actormd for bash: put this into ~/.bashrc, or eval "$(actormd completion bash)".
        _actormd_complete() {
            local word="${COMP_WORDS[COMP_CWORD]}" found
            found="$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2> /dev/null)"
            # Options are offered to who has typed a dash; files, by bash itself, where the program knows no word.
            if [[ "$word" != -* ]]; then found="$(grep -v '^-' <<< "$found")"; fi
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$found" -- "$word"))
        }
        complete -o default -F _actormd_complete actormd
        """;

    private const string Zsh = """
        #compdef actormd
        # Completion of actormd for zsh: a file _actormd in a folder of $fpath; or, after compinit, eval "$(actormd completion zsh)".
        _actormd() {
            local -a found
            found=("${(@f)$(${words[1]} "[suggest:$CURSOR]" "$BUFFER" 2> /dev/null)}")
            if [[ "$PREFIX" != -* ]]; then found=("${(@)found:#-*}"); fi
            if [[ -n "${found[*]}" ]]; then compadd -a found; else _files; fi
        }
        compdef _actormd actormd
        """;

    private const string Fish = """
        # Completion of actormd for fish: put this into ~/.config/fish/completions/actormd.fish.
        function __actormd_complete
            set -l line (commandline -p)
            actormd "[suggest:"(string length -- $line)"]" "$line" 2> /dev/null
        end
        complete -c actormd -a '(__actormd_complete)'
        """;

    private static readonly Dictionary<string, string> Scripts =
        new(StringComparer.Ordinal) { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish };

    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh or fish." };

    public CompletionCommand()
        : base("completion", "Prints the script by which a shell completes the commands and options of actormd.")
    {
        _shell.CompletionSources.Add([.. Scripts.Keys]);
        Arguments.Add(_shell);
        SetAction(parsed =>
        {
            string shell = parsed.GetRequiredValue(_shell);
            Console.Out.WriteLine(Scripts.TryGetValue(shell, out string? script)
                ? script
                : throw new InputFaultException(
                    new InputFault("SHELL", null, null, $"there is no completion for '{shell}'", Suggestion.Remedy(shell, Scripts.Keys))));
            return ExitCode.Done;
        });
    }

    public override IReadOnlyList<string> Examples =>
        ["actormd completion bash >> ~/.bashrc", "actormd completion fish > ~/.config/fish/completions/actormd.fish"];
}
