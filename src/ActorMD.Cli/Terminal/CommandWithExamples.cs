using System.CommandLine;

namespace ActorMD.Cli.Terminal;

/// <summary>A command whose help ends with examples that can be copied.</summary>
internal abstract class CommandWithExamples(string name, string description) : Command(name, description)
{
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>What helps who has given the command alone, without what it needs; null: nothing more than its help.</summary>
    public virtual string? WhenAlone => null;
}
