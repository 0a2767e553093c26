using System.CommandLine;
using ActorMD.Cli.Signals;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Events;
using ActorMD.Files.Inputs;
using ActorMD.Files.States;
using ActorMD.Files.Tables;

namespace ActorMD.Cli.Commands;

/// <summary><c>actormd convert IN OUT</c>.</summary>
internal sealed class ConvertCommand : CommandWithExamples
{
    private readonly Argument<string> _in = PathArgument.Create(
        "IN", $"A particle file: {ParticleFile.Suffixes}; an event log: {EventLogReader.Suffix}; or a table: .csv, .parquet.");
    private readonly Argument<string> _out = PathArgument.Create(
        "OUT", "The file to write; its suffix is the format. Event logs become .csv, tables .parquet or .csv.");
    private readonly Option<bool> _force = OutputFile.ForceOption();

    private readonly Option<bool> _salvage = new("--salvage")
    {
        Description = "Of a file that is cut off or damaged keep the whole frames (or events) before the first fault, and "
            + "say what is left out.",
    };

    private readonly Option<string?> _speciesAs = new("--species-as")
    {
        Description = "New names of the species, in the order in which the file names them: chemical symbols, for programs that take no others.",
        HelpName = "Ar,Xe",
    };

    public ConvertCommand()
        : base("convert", "Converts particle files between the formats, all frames; and event logs to CSV.")
    {
        Arguments.Add(_in);
        Arguments.Add(_out);
        Options.Add(_force);
        Options.Add(_salvage);
        Options.Add(_speciesAs);
        SetAction(Run);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "actormd convert start.extxyz start.lammps",
        "actormd convert runs/mixture/run.events events.csv",
        "actormd convert runs/mixture/trajectory.extxyz for-ase.extxyz.gz --species-as Ar,Xe",
        "actormd convert runs/mixture/thermo.csv thermo.parquet",
        "actormd convert --salvage killed/trajectory.extxyz whole.extxyz",
    ];

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_out), source = parsed.GetRequiredValue(_in);
        bool salvage = parsed.GetValue(_salvage);
        bool isEventLog = Path.GetExtension(source) == EventLogReader.Suffix;
        if (isEventLog && Path.GetExtension(path) != ".csv")
        {
            throw new InputFaultException(new InputFault(path, null, null, "event logs are converted to CSV only", "use the suffix .csv"));
        }

        OutputFile.Check(path, parsed.GetValue(_force), isTable: true);
        using StopSignals signals = new();
        return OutputFile.Write(() =>
        {
            if (isEventLog)
            {
                Tell(EventLogReader.ToCsv(source, path, salvage, signals.Token));
                return;
            }

            if (IsParquet(path) || IsParquet(source))
            {
                ConvertTable(source, path);
                return;
            }

            ParticleFileLoad load = ParticleFile.Read(source, salvage, signals.Token);
            if (!load.Faults.IsEmpty)
            {
                throw new InputFaultException(load.Faults);
            }

            ParticleFile.Write(path, Renamed(load.Frames, parsed.GetValue(_speciesAs)), signals.Token);
            if (load.Left is { } left)
            {
                Tell(FormattableString.Invariant(
                    $"Kept {load.Frames.Length} whole frames. The rest of {left.File} was left out: {left.Problem} (line {left.Line})."));
            }
        });
    }

    private static bool IsParquet(string path) => Path.GetExtension(path) == ParquetTable.Suffix;

    private static void ConvertTable(string source, string path)
    {
        if (!File.Exists(source))
        {
            throw new InputFaultException(new InputFault(source, null, null, "the file does not exist", "give the path of a table"));
        }

        switch (Path.GetExtension(source), Path.GetExtension(path))
        {
            case (".csv", ParquetTable.Suffix):
                ParquetTable.FromCsv(source, path);
                break;
            case (ParquetTable.Suffix, ".csv"):
                ParquetTable.ToCsv(source, path);
                break;
            default:
                throw new InputFaultException(new InputFault(
                    path, null, null, "Parquet files are made of tables in CSV and become such tables", "convert to .csv first"));
        }
    }

    private static IReadOnlyList<ParticleFrame> Renamed(IReadOnlyList<ParticleFrame> frames, string? speciesAs)
    {
        if (speciesAs is null)
        {
            return frames;
        }

        string[] names = speciesAs.Split(',', StringSplitOptions.TrimEntries);
        ParticleFrame? other = frames.FirstOrDefault(frame => frame.SpeciesNames.Length != names.Length);
        string? problem = other is not null
            ? FormattableString.Invariant($"{names.Length} names are given, and the file has {other.SpeciesNames.Length} species: ")
                + string.Join(", ", other.SpeciesNames)
            : names.Distinct().Count() < names.Length || names.Contains("") ? "the names must be different, and none of them empty" : null;
        return problem is null
            ? [.. frames.Select(frame => frame.WithSpeciesNames(names))]
            : throw new InputFaultException(new InputFault("--species-as", null, null, problem, "give one name for each species, such as Ar,Xe"));
    }

    private static void Tell(string? message)
    {
        if (message is not null)
        {
            Console.Error.WriteLine(message);
        }
    }
}
