using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ActorMD.Files.Inputs;

namespace ActorMD.Files.Manifests;

/// <summary><c>manifest.json</c>: the length and SHA-256 of every file that a command has written, sealed by its own digest.</summary>
/// <remarks>
/// It is written wherever a run stops, before summary.json, so that a finished run always has one; a run that goes on removes it first.
/// It finds what has changed by mistake, by a program or by a failing disk, and names the line; it is no signature.
/// </remarks>
/// <param name="Schema">Format of this file.</param>
/// <param name="Version">Of ActorMD.</param>
/// <param name="Files">By name.</param>
/// <param name="Seal"><c>sha256:</c> of the text of this file up to the line of the seal.</param>
public sealed record RunManifest(string Schema, string Version, ImmutableArray<FileEntry> Files, string Seal = "")
{
    /// <summary>The only format so far.</summary>
    public const string SchemaName = "actormd-manifest/1";

    private const string SealKey = "  \"seal\": ";

    private static readonly JsonSerializerOptions Options = JsonStyle.Of(ManifestJson.Default);

    /// <summary>The manifest of files as they are now.</summary>
    /// <param name="directory">Of the run.</param>
    /// <param name="paths">All of them lie in it.</param>
    /// <param name="version">Of ActorMD.</param>
    /// <param name="pending">Name and content of a file that will be written next.</param>
    public static RunManifest Of(string directory, IEnumerable<string> paths, string version, (string Name, string Text)? pending = null)
    {
        List<FileEntry> entries =
            [.. paths.Where(path => Path.GetFileName(path) != pending?.Name).Select(path => FileEntry.Of(path, NameOf(directory, path)))];
        if (pending is { } next)
        {
            using MemoryStream text = new(Encoding.UTF8.GetBytes(next.Text));
            entries.Add(FileEntry.Of(text, next.Name));
        }

        return new RunManifest(SchemaName, version, [.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)]);
    }

    /// <summary>The text of the file, with its seal.</summary>
    public string ToText()
    {
        string text = JsonSerializer.Serialize(this with { Seal = "" }, Options);
        int end = text.LastIndexOf(SealKey, StringComparison.Ordinal);
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text[..end])));
        return $"{text[..end]}{SealKey}\"sha256:{digest}\"\n}}\n";
    }

    /// <exception cref="InputFaultException">The file is missing, is no manifest, or its seal is broken.</exception>
    public static RunManifest Read(string path)
    {
        if (!File.Exists(path))
        {
            throw Fault(path, "the manifest is missing");
        }

        string text = File.ReadAllText(path);
        try
        {
            RunManifest manifest = JsonSerializer.Deserialize<RunManifest>(text, Options) ?? throw Fault(path, "the manifest is empty");
            return manifest.Schema != SchemaName ? throw Fault(path, $"the format '{manifest.Schema}' is not known")
                : manifest.ToText() != text
                ? throw Fault(path, "the seal of the manifest is broken: it was changed after the run had stopped")
                : manifest.Files.FirstOrDefault(entry => LeadsOut(entry.Name)) is { } outside
                ? throw Fault(path, $"the entry '{outside.Name}' leads out of the run folder")
                : manifest;
        }
        catch (JsonException error)
        {
            throw Fault(path, string.Create(CultureInfo.InvariantCulture, $"the file is no manifest (line {error.LineNumber + 1})"));
        }
    }

    /// <summary>Holds the files of a folder to their entries.</summary>
    /// <param name="directory">Of the run.</param>
    /// <returns>What is wrong, one sentence a file, with the line where it can be told.</returns>
    public ImmutableArray<string> Check(string directory) =>
        [.. Files.Select(entry => entry.Check(Path.Combine(directory, entry.Name))).OfType<string>()];

    // Whoever can write a manifest can seal it: no name in it may make a reader open anything but files of the run.
    private static bool LeadsOut(string name) => Path.IsPathRooted(name) || name.Split('/', '\\').Contains("..");

    private static string NameOf(string directory, string path) => Path.GetRelativePath(directory, path).Replace('\\', '/');

    private static InputFaultException Fault(string path, string problem) => new(new InputFault(
        path, null, null, problem, "restore the folder from a copy, or do the run again with --force"));
}
