using System.CommandLine;
using ActorMD.Files;

namespace ActorMD.Cli;

/// <summary>A particle file that a command writes.</summary>
internal static class OutputFile
{
    /// <summary>Checks, before any work is done, that the file can be written.</summary>
    /// <exception cref="InputFaultException">Unknown suffix, missing folder, or a file that would be overwritten.</exception>
    public static void Check(string path, bool force)
    {
        if (!ParticleFile.KnowsSuffix(path))
        {
            throw Fault(path, $"the suffix '{Path.GetExtension(path)}' is no format for particles", $"use {ParticleFile.Suffixes}");
        }

        if (Path.GetDirectoryName(PathCheck.Full(path)) is { } folder && !Directory.Exists(folder))
        {
            throw Fault(path, $"the folder {folder} does not exist", "create it, or choose another place");
        }

        if (File.Exists(path) && !force)
        {
            throw Fault(path, "the file already exists", "choose another name, or overwrite it with --force");
        }
    }

    public static Option<bool> ForceOption() => new("--force") { Description = "Overwrite the file." };

    private static InputFaultException Fault(string path, string problem, string remedy) =>
        new(new InputFault(path, null, null, problem, remedy));
}
