using System.CommandLine;
using ActorMD.Files;

namespace ActorMD.Cli;

/// <summary><c>actormd convert IN OUT</c>.</summary>
internal sealed class ConvertCommand : CommandWithExamples
{
    private readonly Argument<string> _in = PathArgument.Create("IN", $"A particle file: {ParticleFile.Suffixes}; or an event log: {EventLogReader.Suffix}.");
    private readonly Argument<string> _out = PathArgument.Create("OUT", "The file to write; its suffix is the format. Event logs become .csv.");
    private readonly Option<bool> _force = OutputFile.ForceOption();

    public ConvertCommand()
        : base("convert", "Converts particle files between the formats, all frames; and event logs to CSV.")
    {
        Arguments.Add(_in);
        Arguments.Add(_out);
        Options.Add(_force);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples => ["actormd convert start.extxyz start.lammps", "actormd convert runs/mixture/run.events events.csv"];

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_out), source = parsed.GetRequiredValue(_in);
        OutputFile.Check(path, parsed.GetValue(_force));
        if (Path.GetExtension(source) == EventLogReader.Suffix)
        {
            ConvertEvents(source, path);
            return ExitCode.Done;
        }

        ParticleFileLoad load = ParticleFile.Read(source);
        if (!load.Faults.IsEmpty)
        {
            throw new InputFaultException(load.Faults);
        }

        ParticleFile.Write(path, load.Frames);
        return ExitCode.Done;
    }

    private static void ConvertEvents(string source, string path)
    {
        if (Path.GetExtension(path) != ".csv")
        {
            throw new InputFaultException(new InputFault(path, null, null, "event logs are converted to CSV only", "use the suffix .csv"));
        }

        EventLogReader.ReadHeader(source);
        EventLogReader.ToCsv(source, path);
    }
}
