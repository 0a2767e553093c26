using System.CommandLine;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Inputs;
using ActorMD.Files.States;
using ActorMD.Files.Tables;

namespace ActorMD.Cli.Commands;

/// <summary>A particle file that a command writes.</summary>
internal static class OutputFile
{
    /// <summary>Checks, before any work is done, that the file can be written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="force">Whether an older one may be overwritten.</param>
    /// <param name="isTable">Whether it may be Parquet.</param>
    /// <exception cref="InputFaultException">Unknown suffix, missing folder, or a file that would be overwritten.</exception>
    public static void Check(string path, bool force, bool isTable = false)
    {
        if (!ParticleFile.KnowsSuffix(path) && !(isTable && Path.GetExtension(path) == ParquetTable.Suffix))
        {
            throw Fault(path, $"the suffix '{Path.GetExtension(path)}' is no format for particles", $"use {ParticleFile.Suffixes}");
        }

        if (Path.GetDirectoryName(PathCheck.Full(path)) is { } folder && !Directory.Exists(folder))
        {
            throw Fault(path, $"the folder {folder} does not exist", "create it, or choose another folder");
        }

        if (File.Exists(path) && !force)
        {
            throw Fault(path, "the file already exists", "choose another name, or overwrite it with --force");
        }
    }

    /// <summary>Does the work of a command that writes one file and no run folder; it leaves nothing behind when it fails.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(Action write)
    {
        try
        {
            write();
            return ExitCode.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException || IsTooLarge(error))
        {
            ErrorReport.Write(
                IsTooLarge(error) ? "the file would be larger than this system allows" : error.Message,
                "nothing was written; make room or choose another folder, and give the command again");
            return ExitCode.RuntimeFailure;
        }
        catch (OperationCanceledException)
        {
            ErrorReport.Write("interrupted", "nothing was written");
            return ExitCode.Interrupted;
        }
    }

    public static Option<bool> ForceOption() => new("--force") { Description = "Overwrite the file." };

    // .NET tells EFBIG (ulimit -f, old file systems) in this way.
    private static bool IsTooLarge(Exception error) =>
        error is ArgumentOutOfRangeException && error.TargetSite?.DeclaringType == typeof(RandomAccess);

    private static InputFaultException Fault(string path, string problem, string remedy) =>
        new(new InputFault(path, null, null, problem, remedy));
}
