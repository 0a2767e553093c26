using ActorMD.Actors;
using ActorMD.Files;
using ActorMD.Kinetic;
using ActorMD.Physics;

namespace ActorMD.Cli;

/// <summary>Turns what a command throws into a message on standard error and an exit code.</summary>
internal static class Guard
{
    public static int Run(Func<int> command)
    {
        try
        {
            return command();
        }
        catch (InputFaultException error)
        {
            ErrorReport.Write(error.Faults);
            return ExitCode.WrongInput;
        }
        catch (InitialStateException error)
        {
            ErrorReport.Write(error.Message, "no initial state could be made; nothing was written");
            return ExitCode.WrongInput;
        }
        catch (PhysicsViolationException error)
        {
            ErrorReport.Write(error.Message, "diagnosis.json in the run folder says what was known at that moment");
            return ExitCode.PhysicsViolated;
        }
        catch (ClusterException error)
        {
            ErrorReport.Write(error.Message, "a run that has begun goes on on another node, or continue it with 'actormd resume DIR'");
            return ExitCode.RuntimeFailure;
        }
        catch (OperationCanceledException)
        {
            ErrorReport.Write("interrupted before the run started", "nothing was written");
            return ExitCode.Interrupted;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            ErrorReport.Write(error.Message, "once that is solved, continue the run with 'actormd resume DIR', or start it again if it had not begun");
            return ExitCode.RuntimeFailure;
        }
        catch (Exception bug)
        {
            ErrorReport.Write("ActorMD has met a mistake of its own", "please report it with the lines below; a run continues with 'actormd resume DIR'");
            Console.Error.WriteLine(bug);
            return ExitCode.RuntimeFailure;
        }
    }
}
