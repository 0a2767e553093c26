using ActorMD.Files.Inputs;
using ActorMD.Files.Manifests;
using ActorMD.Files.Whole;

namespace ActorMD.Files.Studies;

/// <summary>The folder of a study: its resolved study.yaml, what was computed so far, and the results.</summary>
public sealed class StudyFolder
{
    private const string CommandHeader = "# Command: actormd ";

    private static readonly string[] ResultFiles =
        ["convergence.csv", "chaos.csv", "cumulants.csv", "h.csv", "moments.csv", "fluctuations.csv", "convergence.svg", "chaos.svg",
            "fluctuations.svg", "summary.json"];

    public StudyFolder(string directory) => Directory = PathCheck.Full(directory);

    /// <summary>Absolute path.</summary>
    public string Directory { get; }

    public string StudyPath => PathOf("study.yaml");

    public string SummaryPath => PathOf("summary.json");

    public string ManifestPath => PathOf("manifest.json");

    /// <summary>Whether a study was begun here.</summary>
    public bool HoldsStudy => File.Exists(StudyPath) && File.ReadLines(StudyPath).FirstOrDefault() == StudyWriter.Header;

    public bool IsFinished => File.Exists(SummaryPath);

    /// <summary>The command that has begun it, without the paths.</summary>
    public string? Command => File.ReadLines(StudyPath).Skip(1).FirstOrDefault() is { } line && line.StartsWith(CommandHeader, StringComparison.Ordinal)
        ? line[CommandHeader.Length..]
        : null;

    /// <summary>Whether a directory is the folder of a study.</summary>
    public static bool IsOne(string directory) => PathCheck.Problem(directory) is null && new StudyFolder(directory).HoldsStudy;

    /// <summary>
    /// Begins a study, or goes on with it: it is there from the first moment on, so that a kill at any later one can be made up for.
    /// </summary>
    /// <param name="text">Of the resolved study.</param>
    /// <param name="command">With the options that the study does not hold.</param>
    /// <exception cref="InputFaultException">A foreign study.yaml would be overwritten, or the folder cannot be written.</exception>
    public void Begin(string text, string command)
    {
        if (File.Exists(StudyPath) && !HoldsStudy)
        {
            throw Fault(StudyPath, "this study.yaml was not written by a study and would be overwritten", "choose another folder with --out");
        }

        try
        {
            System.IO.Directory.CreateDirectory(Directory);
            foreach (string path in ResultFiles.Select(PathOf).Append(ManifestPath))
            {
                File.Delete(path);
            }

            WholeFile.Write(StudyPath, text.Insert(StudyWriter.Header.Length + 1, $"{CommandHeader}{command}\n"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Fault(Directory, $"the folder cannot be written: {error.Message.TrimEnd('.')}", "choose another folder with --out");
        }
    }

    /// <summary>Writes a table or a picture.</summary>
    public void Write(string name, string text) => WholeFile.Write(PathOf(name), text);

    /// <summary>Writes the manifest of everything that is there: wherever a study stops.</summary>
    public void Seal(string version) => Seal(version, pending: null);

    /// <summary>Writes the manifest and then the result, so that a result is never there without its manifest.</summary>
    public void Finish(string version, string summary)
    {
        Seal(version, (Path.GetFileName(SummaryPath), summary));
        WholeFile.Write(SummaryPath, summary);
    }

    private void Seal(string version, (string Name, string Text)? pending)
    {
        string[] files =
        [
            StudyPath, .. ResultFiles.Select(PathOf).Where(File.Exists), .. System.IO.Directory.GetFiles(Directory, "*.ensemble"),
        ];
        WholeFile.Write(ManifestPath, RunManifest.Of(Directory, files, version, pending).ToText());
    }

    private string PathOf(string name) => Path.Combine(Directory, name);

    private static InputFaultException Fault(string path, string problem, string remedy) =>
        new(new InputFault(path, null, null, problem, remedy));
}
