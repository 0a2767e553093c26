using System.Globalization;
using System.Runtime.InteropServices;
using ActorMD.Runs;

namespace ActorMD.Cli;

/// <summary>A file about a mistake of ActorMD, to be sent to its makers. Users see no exception.</summary>
internal static class CrashReport
{
    /// <summary>Writes it into the run folder, or where temporary files are.</summary>
    /// <param name="error">What has happened.</param>
    /// <param name="arguments">Of the command line.</param>
    /// <param name="directory">The run folder, if there is one.</param>
    /// <returns>Its path; null when it cannot be written anywhere.</returns>
    public static string? Write(Exception error, IReadOnlyList<string> arguments, string? directory)
    {
        string name = string.Create(
            CultureInfo.InvariantCulture, $"actormd-report-{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Environment.ProcessId}.txt");
        string text = Text(error, arguments);
        string?[] folders = [directory is not null && Directory.Exists(directory) ? directory : null, Path.GetTempPath()];
        foreach (string folder in folders.OfType<string>())
        {
            try
            {
                string path = Path.Combine(folder, name);
                File.WriteAllText(path, text);
                return path;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // The next folder may have room.
            }
        }

        return null;
    }

    private static string Text(Exception error, IReadOnlyList<string> arguments) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        ActorMD {ProductVersion.Text} has met a mistake of its own.

        time      {DateTime.UtcNow:O}
        command   actormd {string.Join(' ', arguments)}
        system    {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors
        runtime   {RuntimeInformation.FrameworkDescription}

        {error}

        """);
}
