using ActorMD.Actors.Networks;
using ActorMD.Cli.Terminal;
using ActorMD.Files.Inputs;
using ActorMD.Files.RunFolders;
using ActorMD.Files.Studies;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;

namespace ActorMD.Cli;

/// <summary>The one function that turns what a command throws into sentences on standard error and an exit code.</summary>
internal static class Guard
{
    public static int Run(IReadOnlyList<string> arguments, Func<int> command)
    {
        // What a thread of its own throws, no command can catch.
        AppDomain.CurrentDomain.UnhandledException += (_, happened) =>
            Environment.Exit(Tell((Exception)happened.ExceptionObject, arguments, directory: null));
        try
        {
            return command();
        }
        catch (Exception error)
        {
            return Tell(error, arguments, directory: null);
        }
    }

    private static int Tell(Exception error, IReadOnlyList<string> arguments, string? directory)
    {
        switch (error)
        {
            case FolderFailureException failure:
                return Tell(failure.InnerException!, arguments, failure.Directory);
            case AggregateException several:
                return Tell(several.Flatten().InnerExceptions[0], arguments, directory);
            case InputFaultException fault:
                ErrorReport.Write(fault.Faults);
                return ExitCode.WrongInput;
            case InitialStateException:
                ErrorReport.Write(error.Message, "no initial state could be made; nothing was written");
                return ExitCode.WrongInput;
            case PhysicsViolationException:
                ErrorReport.Write(
                    error.Message,
                    directory is not null && new RunFolder(directory).DiagnosisPath is { } diagnosis && File.Exists(diagnosis)
                        ? $"{diagnosis} says what was known at that moment"
                        : "the state that was read cannot be simulated");
                return ExitCode.PhysicsViolated;
            case ClusterException:
                ErrorReport.Write(
                    error.Message,
                    $"a run that has begun goes on on another node, or continue it with 'actormd resume {directory ?? "DIR"}'");
                return ExitCode.RuntimeFailure;
            case OperationCanceledException:
                ErrorReport.Write("interrupted before there was a result", WhatNext(directory) ?? "nothing was written");
                return ExitCode.Interrupted;
            case IOException or UnauthorizedAccessException:
                ErrorReport.Write(
                    error.Message,
                    WhatNext(directory) is { } next ? $"once that is solved, {next}" : "once that is solved, give the command again");
                return ExitCode.RuntimeFailure;
            case OutOfMemoryException:
                ErrorReport.Write(
                    "the memory of this machine is used up", WhatNext(directory) ?? "use fewer particles, or a larger machine");
                return ExitCode.RuntimeFailure;
            default:
                string report = CrashReport.Write(error, arguments, directory) is { } path
                    ? $"please send the report {path} to its makers"
                    : "its report cannot be written";
                ErrorReport.Write("ActorMD has met a mistake of its own", WhatNext(directory) is { } after ? $"{report}; {after}" : report);
                return ExitCode.RuntimeFailure;
        }
    }

    // Only a folder that has a case can be resumed.
    private static string? WhatNext(string? directory) =>
        directory is not null && (new RunFolder(directory).HoldsRun || StudyFolder.IsOne(directory))
            ? $"continue with 'actormd resume {directory}'"
            : null;
}
