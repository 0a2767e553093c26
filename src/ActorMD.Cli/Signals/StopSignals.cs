using System.Diagnostics;
using System.Runtime.InteropServices;
using ActorMD.Actors.Mpi;
using ActorMD.Cli.Terminal;
using ActorMD.Runs.Simulations;

namespace ActorMD.Cli.Signals;

/// <summary>
/// Ctrl-C, SIGTERM and a terminal that is closed (SIGHUP) ask for a stop: the run ends its slice and writes a checkpoint. The second signal
/// leaves at once. SIGUSR1 asks for a checkpoint without a stop.
/// </summary>
/// <remarks>
/// In a job that <c>launch</c> has started, another signal asks for the stop, and SIGTERM comes from mpirun, which gives the job up
/// because a rank has died: too few ranks are left to make a checkpoint.
/// </remarks>
internal sealed class StopSignals : IDisposable
{
    private static PosixSignalRegistration[]? _kept; // of a process that is ending

    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations = MpiEnvironment.IsLaunched
        ?
        [
            PosixSignalRegistration.Create(LaunchSignals.Stop, Handle),
            PosixSignalRegistration.Create(LaunchSignals.Checkpoint, Save),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => EndAtOnce()),
        ]
        :
        [
            PosixSignalRegistration.Create(LaunchSignals.Stop, Handle),
            PosixSignalRegistration.Create(LaunchSignals.Checkpoint, Save),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
        ];

    /// <summary>What was asked for.</summary>
    public RunRequests Requests { get; } = new();

    public CancellationToken Token => Requests.Stop;

    /// <summary>Gives the signals back; but not when a stop was asked for: the process ends, and another signal must not change how.</summary>
    public void Dispose()
    {
        if (Requests.Stop.IsCancellationRequested)
        {
            _kept = _registrations;
            return;
        }

        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    // No more code is run: what is on disk is whole at any moment.
    private static void EndAtOnce()
    {
        using Process self = Process.GetCurrentProcess();
        self.Kill();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Requests.Stop.IsCancellationRequested)
        {
            Environment.Exit(ExitCode.Interrupted);
        }

        Requests.AskStop();
    }

    private void Save(PosixSignalContext context)
    {
        context.Cancel = true;
        Requests.AskCheckpoint();
    }
}
