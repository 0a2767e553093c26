namespace ActorMD.Runs.Simulations;

/// <summary>
/// What people ask of a run while it goes on, by a signal to any of its processes: written by any thread, read by the session's.
/// </summary>
public sealed class RunRequests
{
    private readonly CancellationTokenSource _stop = new();
    private int _isCheckpointAsked;

    /// <summary>Cancelled when the run is to write a checkpoint and stop.</summary>
    public CancellationToken Stop => _stop.Token;

    public void AskStop() => _stop.Cancel();

    /// <summary>Set by a process that does not write checkpoints itself: it hands the request on to the one that does.</summary>
    public Action? HandOnCheckpoint { get; set; }

    /// <summary>The run is to write a checkpoint and go on.</summary>
    public void AskCheckpoint()
    {
        if (HandOnCheckpoint is { } handOn)
        {
            handOn();
        }
        else
        {
            Volatile.Write(ref _isCheckpointAsked, 1);
        }
    }

    /// <summary>Whether a checkpoint was asked for and not taken yet.</summary>
    public bool IsCheckpointAsked => Volatile.Read(ref _isCheckpointAsked) != 0;

    /// <summary>Whether a checkpoint was asked for since the last call.</summary>
    public bool TakeCheckpoint() => IsCheckpointAsked && Interlocked.Exchange(ref _isCheckpointAsked, 0) != 0;
}
