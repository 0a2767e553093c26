using System.CommandLine;
using ActorMD.Files;

namespace ActorMD.Cli;

/// <summary><c>actormd convert IN OUT</c>.</summary>
internal sealed class ConvertCommand : CommandWithExamples
{
    private readonly Argument<string> _in = PathArgument.Create("IN", $"A particle file: {ParticleFile.Suffixes}.");
    private readonly Argument<string> _out = PathArgument.Create("OUT", "The file to write; its suffix is the format.");
    private readonly Option<bool> _force = OutputFile.ForceOption();

    public ConvertCommand()
        : base("convert", "Converts particle files between the formats, all frames.")
    {
        Arguments.Add(_in);
        Arguments.Add(_out);
        Options.Add(_force);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples => ["actormd convert start.extxyz start.lammps"];

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_out);
        OutputFile.Check(path, parsed.GetValue(_force));
        ParticleFileLoad load = ParticleFile.Read(parsed.GetRequiredValue(_in));
        if (!load.Faults.IsEmpty)
        {
            throw new InputFaultException(load.Faults);
        }

        ParticleFile.Write(path, load.Frames);
        return ExitCode.Done;
    }
}
