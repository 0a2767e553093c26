namespace ActorMD.Files;

/// <summary>The folder of one run: the names of its files, and who may write there.</summary>
public sealed class RunFolder
{
    /// <summary>Names, with wildcards, of everything that ActorMD writes into a run folder.</summary>
    private static readonly string[] OwnFiles =
    [
        "summary.json", "thermo.csv", "log.jsonl", "log-*.jsonl", "trajectory.extxyz", "trajectory.lammps", "trajectory.csv",
        "diagnosis.json", "report.html", "thermo_errors.csv", "profiles.csv", "replicas.csv", "run.events", "case.yaml.tmp", "summary.json.tmp",
        "thermo.csv.tmp", "thermo_errors.csv.tmp",
    ];

    public RunFolder(string directory) => Directory = Path.GetFullPath(directory);

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

    /// <summary>The log of a node of a cluster that is not the coordinator's.</summary>
    public string NodeLogPath(string node) => Path.Combine(
        Directory, $"log-{string.Concat(node.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'))}.jsonl");

    /// <summary>Standard errors of the rows of thermo.csv over independent runs: of a kinetic solution or an ensemble.</summary>
    public string ThermoErrorsPath => Path.Combine(Directory, "thermo_errors.csv");

    /// <summary>Density, velocity and temperature of every cell and species: of a kinetic solution.</summary>
    public string ProfilesPath => Path.Combine(Directory, "profiles.csv");

    /// <summary>The event log.</summary>
    public string EventsPath => Path.Combine(Directory, "run" + EventLogReader.Suffix);

    /// <summary>Seed, averages and digest of every replica: of an ensemble.</summary>
    public string ReplicasPath => Path.Combine(Directory, "replicas.csv");

    /// <summary>What went wrong, after a violation of the physics.</summary>
    public string DiagnosisPath => Path.Combine(Directory, "diagnosis.json");

    /// <summary>Checkpoint of a kinetic solution; gone when it is finished.</summary>
    public string KineticCheckpointPath => Path.Combine(CheckpointDirectory, "solution.kinetic");

    public string CheckpointDirectory => Path.Combine(Directory, "checkpoints");

    public string TrajectoryPath(TrajectoryFormat format) => Path.Combine(Directory, "trajectory" + ParticleFile.SuffixOf(format));

    /// <summary>Whether ActorMD has already written a run here.</summary>
    public bool HoldsRun =>
        File.Exists(SummaryPath) || File.Exists(ThermoPath) || System.IO.Directory.Exists(CheckpointDirectory)
        || CaseFile.IsResolved(CasePath);

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
    public void WriteCase(Case @case)
    {
        string temporary = CasePath + ".tmp";
        File.WriteAllText(temporary, CaseFile.Write(@case));
        File.Move(temporary, CasePath, overwrite: true);
    }

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

    /// <summary>Removes everything that ActorMD has written here, and the folder when nothing else is in it.</summary>
    public void Remove()
    {
        RemoveRun();
        if (System.IO.Directory.Exists(Directory) && !System.IO.Directory.EnumerateFileSystemEntries(Directory).Any())
        {
            System.IO.Directory.Delete(Directory);
        }
    }

    private void RemoveRun()
    {
        if (!System.IO.Directory.Exists(Directory))
        {
            return;
        }

        File.Delete(CasePath);
        foreach (string pattern in OwnFiles)
        {
            foreach (string file in System.IO.Directory.GetFiles(Directory, pattern))
            {
                File.Delete(file);
            }
        }

        if (System.IO.Directory.Exists(CheckpointDirectory))
        {
            new EnsembleStore(CheckpointDirectory).Remove();
            File.Delete(KineticCheckpointPath);
            File.Delete(KineticCheckpointPath + ".tmp");
            new CheckpointStore(CheckpointDirectory).RemoveAll();
        }
    }

    private static InputFaultException Fault(string path, string problem, string remedy) =>
        new(new InputFault(path, null, null, problem, remedy));
}
