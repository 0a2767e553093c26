namespace ActorMD.Cli.Terminal;

/// <summary>What a user sees of a computation: header, progress, result.</summary>
/// <param name="Quiet">Nothing but warnings and errors.</param>
/// <param name="Json">summary.json on standard output; all else on standard error.</param>
internal abstract record View(bool Quiet, bool Json)
{
    protected TextWriter Output => Json ? Console.Error : Console.Out;
}
