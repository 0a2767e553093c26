using System.Collections.Immutable;

namespace ActorMD.Simulation.Processes;

/// <summary>A network that has parted, after one side was given up: keeps watch that the run goes on at one side only.</summary>
/// <param name="losers">The processes that were given up. They may not have heard of it yet.</param>
internal sealed class Parting(ImmutableArray<SimulatedProcess> losers)
{
    private bool _hasOtherSideWritten;

    /// <summary>What went wrong; null: nothing.</summary>
    public string? Fault { get; private set; }

    /// <summary>A process has written a checkpoint.</summary>
    public void OnWritten(SimulatedProcess process)
    {
        if (!losers.Contains(process))
        {
            _hasOtherSideWritten = true;
        }
        else if (_hasOtherSideWritten)
        {
            Fault ??= $"{process.Self} was given up and wrote a checkpoint after the other side had gone on";
        }
    }
}
