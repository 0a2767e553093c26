using System.Runtime.InteropServices;

namespace ActorMD.Cli.Signals;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP at <c>launch</c>: the first asks the processes to save and stop, the second ends them. SIGUSR1 asks them to
/// save and go on.
/// </summary>
internal sealed class LaunchSignals : IDisposable
{
    /// <summary>By this a process is asked to write a checkpoint and go on.</summary>
    public const PosixSignal Checkpoint = (PosixSignal)10; // SIGUSR1 of Linux

    /// <summary>By this the ranks of a job are asked to stop: mpirun hands it on without ending the job.</summary>
    public const PosixSignal Stop = (PosixSignal)12; // SIGUSR2 of Linux

    private const int TerminateSignal = 15;

    private readonly PosixSignalRegistration[] _registrations;
    private readonly object _gate = new();
    private Action<int>? _forward;

    public LaunchSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
        PosixSignalRegistration.Create(Checkpoint, HandOn),
    ];

    /// <summary>Whether a signal has come.</summary>
    public bool IsStopWanted { get; private set; }

    /// <summary>Hands signals on, also one that came before, until it is disposed.</summary>
    /// <param name="send">Takes the number of a signal.</param>
    public IDisposable Forward(Action<int> send)
    {
        lock (_gate)
        {
            _forward = send;
            if (IsStopWanted)
            {
                send(TerminateSignal);
            }
        }

        return new End(this);
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void HandOn(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_gate)
        {
            _forward?.Invoke((int)Checkpoint);
        }
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_gate)
        {
            _forward?.Invoke(IsStopWanted ? TerminateSignal : (int)Stop);
            IsStopWanted = true;
        }
    }

    private sealed class End(LaunchSignals signals) : IDisposable
    {
        public void Dispose()
        {
            lock (signals._gate)
            {
                signals._forward = null;
            }
        }
    }
}
