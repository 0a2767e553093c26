using ActorMD.Files.Cases;
using ActorMD.Files.Checkpoints;
using ActorMD.Files.Ensembles;
using ActorMD.Files.Events;
using ActorMD.Files.Inputs;
using ActorMD.Files.Manifests;
using ActorMD.Files.States;
using ActorMD.Files.Whole;

namespace ActorMD.Files.RunFolders;

/// <summary>The folder of one run: the names of its files, and which process may write there.</summary>
public sealed class RunFolder
{
    /// <summary>Names, with wildcards, of everything that a command which computes writes into a run folder, besides case.yaml.</summary>
    private static readonly string[] ComputedFiles =
    [
        "summary.json", "thermo.csv", "log.jsonl", "log-*.jsonl", "trajectory.extxyz", "trajectory.lammps", "trajectory.csv",
        "diagnosis.json", "diagnosis.extxyz", "thermo_errors.csv", "profiles.csv", "replicas.csv", "run.events", "temperatures.csv",
        "frequencies.csv", "terms.csv", "terms.svg", "trees.json", "trees-*.svg", "recollisions.csv", "recollisions.svg", "bad-sets.csv", "bad-sets.svg",
        "lemmas.csv", "rates.svg", "observable-*.csv", "observable-*.parquet",
    ];

    private static readonly string[] CheckpointFiles = ["checkpoint-*.state", "ensemble*.state", "solution.kinetic", "trees.blocks"];

    private static readonly string[] ReportFiles = ["*.svg", "*.csv"];

    /// <summary>What else is ours: made of those files, or left by a crash at the instant in which one was replaced.</summary>
    private static readonly string[] DerivedFiles =
    [
        "manifest.json", "report.html", "actormd-report-*.txt", "case.yaml.tmp", "summary.json.tmp", "thermo.csv.tmp", "thermo_errors.csv.tmp", "manifest.json.tmp",
        "diagnosis.json.tmp", "observable-*.csv.tmp", "observable-*.parquet.tmp",
    ];

    public RunFolder(string directory) => Directory = PathCheck.Full(directory);

    /// <summary>Absolute path.</summary>
    public string Directory { get; }

    /// <summary>Its last part: what the run is called where there is no other name.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Directory));

    public string CasePath => Path.Combine(Directory, "case.yaml");

    public string SummaryPath => Path.Combine(Directory, "summary.json");

    public string ThermoPath => Path.Combine(Directory, "thermo.csv");

    public string LogPath => Path.Combine(Directory, "log.jsonl");

    /// <summary>The log of <c>launch</c>: failures and new starts. A run that begins anew keeps it.</summary>
    public string LaunchLogPath => Path.Combine(Directory, "launch.jsonl");

    /// <summary>The log of a node of a cluster that is not the leading one.</summary>
    public string NodeLogPath(string node) => Path.Combine(
        Directory, $"log-{string.Concat(node.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'))}.jsonl");

    /// <summary>Standard errors of the rows of thermo.csv over independent runs: of a kinetic solution or an ensemble.</summary>
    public string ThermoErrorsPath => Path.Combine(Directory, "thermo_errors.csv");

    /// <summary>Density, velocity and temperature of every cell and species: of a kinetic solution.</summary>
    public string ProfilesPath => Path.Combine(Directory, "profiles.csv");

    /// <summary>A table of an observable.</summary>
    /// <param name="name">Of the observable and of the table.</param>
    public string ObservablePath(string name) => Path.Combine(Directory, $"observable-{name}.csv");

    /// <summary>The event log.</summary>
    public string EventsPath => Path.Combine(Directory, "run" + EventLogReader.Suffix);

    /// <summary>Seed, averages and digest of every replica: of an ensemble.</summary>
    public string ReplicasPath => Path.Combine(Directory, "replicas.csv");

    /// <summary>Checksums of all files: written wherever a run stops.</summary>
    public string ManifestPath => Path.Combine(Directory, "manifest.json");

    /// <summary>Temperatures of all species, where they are too many for a screen.</summary>
    public string TemperaturesPath => Path.Combine(Directory, "temperatures.csv");

    /// <summary>Rates of events of all pairs, where they are too many for a screen.</summary>
    public string FrequenciesPath => Path.Combine(Directory, "frequencies.csv");

    /// <summary>The particles that a violation of the physics concerns.</summary>
    public string DiagnosisFramePath => Path.Combine(Directory, "diagnosis.extxyz");

    /// <summary>What went wrong, after a violation of the physics.</summary>
    public string DiagnosisPath => Path.Combine(Directory, "diagnosis.json");

    /// <summary>Checkpoint of a kinetic solution; gone when it is finished.</summary>
    public string KineticCheckpointPath => Path.Combine(CheckpointDirectory, "solution.kinetic");

    /// <summary>What is drawn so far of a series; gone when it is finished.</summary>
    public string HierarchyCheckpointPath => Path.Combine(CheckpointDirectory, "trees.blocks");

    /// <summary>The diagrams of a report, as SVG and CSV.</summary>
    public string ReportDirectory => Path.Combine(Directory, "report");

    public string CheckpointDirectory => Path.Combine(Directory, "checkpoints");

    public string TrajectoryPath(TrajectoryFormat format) => Path.Combine(Directory, "trajectory" + ParticleFile.SuffixOf(format));

    /// <summary>Whether ActorMD has already written a run here.</summary>
    public bool HoldsRun =>
        File.Exists(SummaryPath) || File.Exists(ThermoPath) || System.IO.Directory.Exists(CheckpointDirectory)
        || CaseFile.IsResolved(CasePath);

    /// <summary>Whether there is anything that was computed: a result, or a checkpoint to go on from.</summary>
    public bool HoldsResults => File.Exists(SummaryPath) || HoldsCheckpoint;

    /// <summary>Whether there is a checkpoint of any kind, sound or not.</summary>
    public bool HoldsCheckpoint =>
        new CheckpointStore(CheckpointDirectory).NewestNumber is not null || new EnsembleStore(CheckpointDirectory).Exists
        || File.Exists(KineticCheckpointPath) || File.Exists(HierarchyCheckpointPath);

    /// <summary>The command that has begun the run, with the options that the case does not hold; null: run.</summary>
    public string? Command => CaseFile.CommandOf(CasePath);

    /// <summary>Checks, before any work is done, that a new run may be written here.</summary>
    /// <exception cref="InputFaultException">A run is there and force is not given, or a case.yaml that is none of ours.</exception>
    public static void ThrowIfTaken(string directory, bool force)
    {
        RunFolder folder = new(directory);
        if (folder.HoldsRun && !force)
        {
            throw Fault(
                directory, "the folder already holds a run",
                "choose another with --out, continue with 'actormd resume', or overwrite it with --force");
        }

        if (File.Exists(folder.CasePath) && !CaseFile.IsResolved(folder.CasePath))
        {
            throw Fault(
                folder.CasePath, "this case.yaml was not written by a run and would be overwritten", "choose another folder with --out");
        }
    }

    /// <summary>Makes the folder ready for a new run.</summary>
    /// <param name="directory">Made when missing; other people's files in it stay.</param>
    /// <param name="force">Remove a run that is there: only what ActorMD wrote.</param>
    /// <exception cref="InputFaultException">A run is there and force is not given, or the folder cannot be made.</exception>
    public static RunFolder Create(string directory, bool force)
    {
        ThrowIfTaken(directory, force);
        return Writing(directory, folder =>
        {
            folder.RemoveRun();
            System.IO.Directory.CreateDirectory(folder.CheckpointDirectory);
        });
    }

    /// <summary>Begins a run: its case is there from the first moment on, so that a kill at any later one can be made up for.</summary>
    /// <param name="directory">Made when missing; other people's files in it stay.</param>
    /// <param name="force">Remove a run that is there: only what ActorMD wrote.</param>
    /// <param name="case">What is computed.</param>
    /// <param name="command">By which command, with the options that the case does not hold; null: run.</param>
    /// <exception cref="InputFaultException">A run is there and force is not given, or the folder cannot be made.</exception>
    public static RunFolder Begin(string directory, bool force, Case @case, string? command = null)
    {
        ThrowIfTaken(directory, force);
        return Writing(directory, folder =>
        {
            System.IO.Directory.CreateDirectory(folder.Directory);
            // First what would make it look finished or well under way, last what no command goes on from.
            File.Delete(folder.SummaryPath);
            File.Delete(folder.ManifestPath);
            folder.RemoveCheckpoints();
            folder.WriteCase(@case, command);
            folder.RemoveFiles();
            System.IO.Directory.CreateDirectory(folder.CheckpointDirectory);
        });
    }

    /// <summary>Writes the manifest of everything that is there. A run that goes on calls <see cref="Unseal"/> first.</summary>
    /// <param name="version">Of ActorMD.</param>
    public void Seal(string version) => Seal(version, pending: null);

    /// <summary>Writes the manifest and then the result, so that a result is never there without its manifest.</summary>
    public void Finish(string version, RunSummary summary) => Finish(version, summary.ToJson());

    /// <summary>The same with a result in another format.</summary>
    public void Finish(string version, string text)
    {
        Seal(version, (Path.GetFileName(SummaryPath), text));
        WholeFile.Write(SummaryPath, text);
    }

    /// <summary>Removes what is not true any more when a run goes on.</summary>
    public void Unseal()
    {
        File.Delete(SummaryPath);
        File.Delete(ManifestPath);
        File.Delete(DiagnosisPath);
        File.Delete(DiagnosisFramePath);
    }

    private void Seal(string version, (string Name, string Text)? pending) =>
        WholeFile.Write(ManifestPath, RunManifest.Of(Directory, pending is null ? ComputedPaths() : FinalPaths(), version, pending).ToText());

    /// <summary>Makes the directory, if it is missing, and nothing else: a place for the lock of a run that is to begin.</summary>
    /// <exception cref="InputFaultException">It cannot be made.</exception>
    public static RunFolder Make(string directory) =>
        Writing(directory, folder => System.IO.Directory.CreateDirectory(folder.Directory));

    /// <summary>The folder of an existing run.</summary>
    /// <exception cref="InputFaultException">There is none.</exception>
    public static RunFolder Open(string directory)
    {
        RunFolder folder = new(directory);
        return File.Exists(folder.CasePath)
            ? folder
            : throw Fault(
                directory,
                System.IO.Directory.Exists(directory) ? "the folder holds no run: it has no case.yaml" : "the folder does not exist",
                "give the folder that 'actormd run' wrote");
    }

    /// <summary>Writes case.yaml in one step: a kill leaves the old one or the new one.</summary>
    public void WriteCase(Case @case) => WriteCase(@case, Command);

    private void WriteCase(Case @case, string? command) => WholeFile.Write(CasePath, CaseFile.Write(@case, command));

    private static RunFolder Writing(string directory, Action<RunFolder> write)
    {
        RunFolder folder = new(directory);
        try
        {
            write(folder);
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Fault(directory, $"the folder cannot be written: {error.Message.TrimEnd('.')}", "choose another folder with --out");
        }
    }

    /// <summary>The outermost folder that making this one would make, too; null if it is there.</summary>
    public static string? OutermostMissing(string directory)
    {
        string? missing = null;
        for (string? path = PathCheck.Full(directory); path is not null && !System.IO.Directory.Exists(path); path = Path.GetDirectoryName(path))
        {
            missing = path;
        }

        return missing;
    }

    /// <summary>Removes everything that ActorMD has written here, and the folder when nothing else is in it.</summary>
    /// <param name="made">The outermost folder around it that was made for it: removed too, when nothing else is in it.</param>
    public void Remove(string? made = null)
    {
        RemoveRun();
        for (string? path = Directory;
            path is not null && System.IO.Directory.Exists(path) && !System.IO.Directory.EnumerateFileSystemEntries(path).Any();
            path = made is not null && path != made ? Path.GetDirectoryName(path) : null)
        {
            System.IO.Directory.Delete(path);
        }
    }

    /// <summary>Everything that was computed, and the case: what a manifest covers.</summary>
    internal IEnumerable<string> ComputedPaths() =>
    [
        CasePath, .. Existing(ComputedFiles),
        .. System.IO.Directory.Exists(CheckpointDirectory)
            ? CheckpointFiles.SelectMany(pattern => System.IO.Directory.GetFiles(CheckpointDirectory, pattern))
            : [],
    ];

    // A finished solution needs its checkpoint no more.
    private IEnumerable<string> FinalPaths() => ComputedPaths().Where(path => path != KineticCheckpointPath && path != HierarchyCheckpointPath);

    private IEnumerable<string> Existing(IEnumerable<string> patterns) =>
        patterns.SelectMany(pattern => System.IO.Directory.GetFiles(Directory, pattern));

    private void RemoveRun()
    {
        if (System.IO.Directory.Exists(Directory))
        {
            RemoveCheckpoints();
            File.Delete(CasePath);
            RemoveFiles();
        }
    }

    private void RemoveFiles()
    {
        foreach (string file in Existing([.. ComputedFiles, .. DerivedFiles]))
        {
            File.Delete(file);
        }

        if (System.IO.Directory.Exists(ReportDirectory))
        {
            foreach (string file in ReportFiles.SelectMany(pattern => System.IO.Directory.GetFiles(ReportDirectory, pattern)))
            {
                File.Delete(file);
            }

            if (!System.IO.Directory.EnumerateFileSystemEntries(ReportDirectory).Any())
            {
                System.IO.Directory.Delete(ReportDirectory);
            }
        }
    }

    private void RemoveCheckpoints()
    {
        if (System.IO.Directory.Exists(CheckpointDirectory))
        {
            foreach (EnsembleStore store in (EnsembleStore[])[new(CheckpointDirectory), .. EnsembleStore.OfNodes(CheckpointDirectory)])
            {
                store.Remove();
            }

            File.Delete(HierarchyCheckpointPath);
            File.Delete(KineticCheckpointPath);
            File.Delete(KineticCheckpointPath + ".tmp");
            new CheckpointStore(CheckpointDirectory).RemoveAll();
        }
    }

    private static InputFaultException Fault(string path, string problem, string remedy) =>
        new(new InputFault(path, null, null, problem, remedy));
}
