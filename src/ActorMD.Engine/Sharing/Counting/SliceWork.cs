namespace ActorMD.Engine.Sharing.Counting;

/// <summary>The work of one time slice by phase and worker.</summary>
/// <param name="phaseCount">Blocks, then faces, edges and corners if there are any.</param>
/// <param name="workerCount">One for each block.</param>
internal sealed class SliceWork(int phaseCount, int workerCount)
{
    /// <summary>Particles of a worker's block.</summary>
    public double[] Placed { get; } = new double[workerCount];

    /// <summary>Events; one of k participants counts k/2.</summary>
    public double[,] Events { get; } = new double[phaseCount, workerCount];

    /// <summary>Searches of particles that an earlier phase has left.</summary>
    public double[,] Searches { get; } = new double[phaseCount, workerCount];

    /// <summary>Particles with which an earlier phase has gone on too far.</summary>
    public double[,] Overtaken { get; } = new double[phaseCount, workerCount];

    /// <summary>By phase: how far from its bounds a region had an event, in cells.</summary>
    public int[] Depth { get; } = new int[phaseCount];

    /// <summary>Whether something reached out of a region: the slice has to be run again by one worker.</summary>
    public bool IsVoid { get; set; }

    public void Clear()
    {
        Array.Clear(Placed);
        Array.Clear(Events);
        Array.Clear(Searches);
        Array.Clear(Overtaken);
        Array.Clear(Depth);
        IsVoid = false;
    }
}
