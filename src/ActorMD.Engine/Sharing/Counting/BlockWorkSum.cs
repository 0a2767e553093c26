using ActorMD.Physics;

namespace ActorMD.Engine.Sharing.Counting;

/// <summary>Adds up the work of slices.</summary>
/// <param name="counter">Has the work of the present slice.</param>
/// <param name="weights">Costs of the parts.</param>
/// <param name="particleCount">Number of particles.</param>
internal sealed class BlockWorkSum(SharedWorkCounter counter, WorkWeights weights, int particleCount)
{
    private readonly int _phaseCount = counter.Map.PhaseCount;
    private readonly int _workerCount = counter.Map.WorkerCount;
    private readonly double[,] _events = new double[counter.Map.PhaseCount, counter.Map.WorkerCount];
    private readonly double[] _searches = new double[counter.Map.PhaseCount];
    private readonly double[] _rollbacks = new double[counter.Map.PhaseCount];
    private readonly double[] _work = new double[counter.Map.PhaseCount];
    private readonly double[] _critical = new double[counter.Map.PhaseCount];
    private readonly int[] _depths = new int[counter.Map.PhaseCount];
    private double _placedMost; // sum over slices of the most particles that a worker places
    private double _void; // work of one worker in void slices
    private int _voidCount;

    /// <summary>Slices so far.</summary>
    public int SliceCount { get; private set; }

    /// <summary>The slice has ended.</summary>
    public void AddSlice()
    {
        SliceWork slice = counter.Work;
        SliceCount++;
        double events = 0;
        for (int phase = 0; phase < _phaseCount; phase++)
        {
            double most = 0, most0 = 0;
            for (int worker = 0; worker < _workerCount; worker++)
            {
                double placed = phase == 0 ? weights.Placement * slice.Placed[worker] : 0;
                double work = placed + slice.Events[phase, worker] + weights.Search * slice.Searches[phase, worker]
                    + weights.Rollback * slice.Overtaken[phase, worker];
                _work[phase] += work;
                most = Math.Max(most, work);
                most0 = Math.Max(most0, slice.Placed[worker]);
                events += slice.Events[phase, worker];
                _events[phase, worker] += slice.Events[phase, worker];
                _searches[phase] += slice.Searches[phase, worker];
                _rollbacks[phase] += slice.Overtaken[phase, worker];
            }

            _critical[phase] += most;
            _placedMost += phase == 0 ? most0 : 0;
            _depths[phase] = Math.Max(_depths[phase], slice.Depth[phase]);
        }

        _void += slice.IsVoid ? events + weights.Placement * particleCount : 0;
        _voidCount += slice.IsVoid ? 1 : 0;
    }

    /// <summary>The result.</summary>
    /// <param name="cells">Of the grid.</param>
    /// <param name="serialSlices">Slices that one worker needs for the same time.</param>
    /// <param name="listsPerSlice">How often in a slice lists of neighbours are made.</param>
    /// <param name="collisions">Number of events.</param>
    public BlockWork Finish(Int3 cells, double serialSlices, double listsPerSlice, long collisions)
    {
        double events = _events.Cast<double>().Sum(), lists = weights.Lists * listsPerSlice;
        double serial = weights.Placement * particleCount * serialSlices + lists * SliceCount * particleCount + events;
        _critical[0] += lists * _placedMost;
        _work[0] += lists * SliceCount * particleCount;
        double critical = _critical.Sum() + _void;
        PhaseWork[] phases = [.. Enumerable.Range(0, _phaseCount).Select(phase => new PhaseWork(
            [.. Enumerable.Range(0, _workerCount).Select(worker => _events[phase, worker])],
            _searches[phase],
            _rollbacks[phase],
            _depths[phase],
            _work[phase],
            _critical[phase]))];
        return new BlockWork(
            cells,
            particleCount,
            SliceCount,
            _voidCount,
            collisions,
            weights,
            phases,
            serial,
            critical,
            serial / (_workerCount * critical));
    }
}
