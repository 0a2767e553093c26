using System.Collections.Immutable;
using System.Text.Json;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Studies;
using ActorMD.Report.Tables;
using ActorMD.Runs.Monitoring;
using ActorMD.Runs.Observables;

namespace ActorMD.Report.Sources;

/// <summary>A folder that is reported on: what its files say, read once.</summary>
internal sealed class Source
{
    private readonly Lazy<Expected?> _expected;

    private Source(string directory, string label, SourceKind kind, Case? @case, JsonElement? summary, string? command)
    {
        Folder = new RunFolder(directory);
        Label = label;
        Kind = kind;
        Case = @case;
        Json = summary;
        Command = command;
        Thermo = CsvTable.Read(Folder.ThermoPath);
        ThermoErrors = CsvTable.Read(Folder.ThermoErrorsPath);
        Log = [.. LogFiles.ReadAll(directory)];
        Summary = kind is SourceKind.Run or SourceKind.Ensemble or SourceKind.Kinetic && summary is not null
            ? RunSummary.Read(Folder.SummaryPath) : null;
        _expected = new Lazy<Expected?>(
            () => Case is null || Kind is not (SourceKind.Run or SourceKind.Ensemble) ? null : Expected.Of(Case, CancellationToken.None));
    }

    public RunFolder Folder { get; }

    /// <summary>A short name that no other folder of the report has.</summary>
    public string Label { get; }

    public SourceKind Kind { get; }

    /// <summary>Null for studies.</summary>
    public Case? Case { get; }

    /// <summary>Of a finished run, ensemble or kinetic solution.</summary>
    public RunSummary? Summary { get; }

    /// <summary>summary.json as it is; null where nothing is finished.</summary>
    public JsonElement? Json { get; }

    /// <summary>The command that has begun it, without its paths; null: run.</summary>
    public string? Command { get; }

    public CsvTable? Thermo { get; }

    public CsvTable? ThermoErrors { get; }

    /// <summary>The lines of all its logs by their time.</summary>
    public ImmutableArray<LogEntry> Log { get; }

    /// <summary>What closed forms expect of the particles; null where there are none.</summary>
    public Expected? Expected => _expected.Value;

    /// <summary>Standard errors over independent replicas or runs, by the keys of summary.json; null for a single run.</summary>
    public ImmutableSortedDictionary<string, double?>? StandardErrors =>
        Summary?.Ensemble?.StandardErrors ?? Summary?.Kinetic?.StandardErrors;

    /// <summary>Opens folders, each once, with labels that tell them apart.</summary>
    /// <exception cref="InputFaultException">One of them holds nothing that ActorMD has computed.</exception>
    public static ImmutableArray<Source> OpenAll(IReadOnlyList<string> directories)
    {
        string[] full = [.. directories.Select(PathCheck.Full).Distinct(StringComparer.Ordinal)];
        string[] names = [.. full.Select(directory => Path.GetFileName(Path.TrimEndingDirectorySeparator(directory)))];
        return [.. full.Select((directory, k) =>
            Open(directory, names.Count(name => name == names[k]) == 1 ? names[k]
            : Path.Combine(Path.GetFileName(Path.GetDirectoryName(directory)) ?? "", names[k])))];
    }

    private static Source Open(string directory, string label)
    {
        if (StudyFolder.IsOne(directory))
        {
            StudyFolder study = new(directory);
            return new Source(directory, label, SourceKind.Study, null, study.IsFinished ? Parse(study.SummaryPath) : null, study.Command);
        }

        RunFolder folder = RunFolder.Open(directory);
        JsonElement? summary = File.Exists(folder.SummaryPath) ? Parse(folder.SummaryPath) : null;
        SourceKind kind = (folder.Command ?? "run").Split(' ')[0] switch
        {
            "ensemble" => SourceKind.Ensemble,
            "boltzmann" => SourceKind.Kinetic,
            "hierarchy" => SourceKind.Hierarchy,
            _ => summary is { } json && json.TryGetProperty("series", out _) ? SourceKind.Hierarchy
                : summary is { } other && other.TryGetProperty("ensemble", out _) ? SourceKind.Ensemble
                : summary is { } third && third.TryGetProperty("kinetic", out _) ? SourceKind.Kinetic
                : SourceKind.Run,
        };
        return new Source(directory, label, kind, CaseFile.Load(folder.CasePath, [], readParticles: false).Case, summary, folder.Command);
    }

    private static JsonElement Parse(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            return document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new InputFaultException(
                new InputFault(path, null, null, $"the file is not JSON: {error.Message.TrimEnd('.')}",
                "restore it; 'actormd verify' tells what else has changed"));
        }
    }
}
