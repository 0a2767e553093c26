using ActorMD.Files.Cases;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics;

namespace ActorMD.Studies.Boltzmann;

/// <summary>Independent DSMC runs of one case that advance together, from output to output.</summary>
internal sealed class BoltzmannRuns
{
    private const int PollMilliseconds = 100;

    private readonly BoltzmannPlan _plan;
    private readonly DsmcSolver[] _solvers;

    /// <param name="case">The gas and its initial data.</param>
    /// <param name="plan">How it is solved.</param>
    /// <param name="stop">Ends the making of the initial data.</param>
    /// <param name="isRestored">Draw no initial data: <see cref="Restore"/> follows.</param>
    public BoltzmannRuns(Case @case, BoltzmannPlan plan, CancellationToken stop, bool isRestored = false)
    {
        _plan = plan;
        _solvers = new DsmcSolver[plan.RunCount];
        int threads = Math.Max(1, plan.WorkerCount / plan.RunCount);
        ForAllRuns(stop, run => _solvers[run] = new DsmcSolver(
            @case.Gas, plan.Grid, plan.Size.Weight,
            isRestored ? new ParticleState[plan.Size.Total] : DsmcStart.Draw(@case.Gas, plan.Size, @case.Initial, @case.Seed, run),
            @case.Seed, run, threads,
            plan.Channels));
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>Simulation time.</summary>
    public double Time { get; private set; }

    /// <summary>Steps of one run.</summary>
    public long StepCount { get; private set; }

    public IReadOnlyList<DsmcSolver> Solvers => _solvers;

    /// <summary>Collisions of all orders of all runs. Approximate while the runs advance.</summary>
    public long CollisionCount => _solvers.Sum(s => s.Tally.Collisions.Sum());

    /// <summary>Advances all runs to a later time.</summary>
    /// <param name="time">Simulation time to reach.</param>
    /// <param name="advanced">Is told the simulation time that the slowest run has reached, about ten times a second.</param>
    /// <param name="stop">Ends the work after the present step.</param>
    /// <returns>Whether the time was reached.</returns>
    public bool AdvanceTo(double time, Action<double> advanced, CancellationToken stop)
    {
        double span = time - Time;
        if (!(span > 0))
        {
            return true;
        }

        long steps = Math.Max(1, (long)Math.Ceiling(span / _plan.TimeStep * (1 - 1e-9)));
        double step = span / steps;
        Task work = Task.Run(() => ForAllRuns(stop, run =>
        {
            // A run that goes on from a checkpoint has done a part of these steps.
            long left = StepCount + steps - _solvers[run].StepCount;
            if (left > 0)
            {
                _solvers[run].Advance(step, left, stop);
            }
        }), CancellationToken.None);
        while (Task.WaitAny([work], PollMilliseconds) < 0)
        {
            advanced(Time + Math.Max(_solvers.Min(s => s.StepCount) - StepCount, 0) * step);
        }

        work.GetAwaiter().GetResult(); // throws what went wrong, as it is
        if (stop.IsCancellationRequested)
        {
            return false;
        }

        Time = time;
        StepCount += steps;
        advanced(time);
        return true;
    }

    /// <summary>The moments of all runs.</summary>
    public DsmcMoments[] Measure() => [.. _solvers.Select(s => s.Measure())];

    /// <summary>Writes the state of all runs, which may be interrupted between two outputs.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Time);
        writer.Write(StepCount);
        foreach (DsmcSolver solver in _solvers)
        {
            solver.Save(writer);
        }
    }

    /// <summary>Takes over what <see cref="Save"/> wrote for the same plan.</summary>
    public void Restore(BinaryReader reader)
    {
        Time = reader.ReadDouble();
        StepCount = reader.ReadInt64();
        foreach (DsmcSolver solver in _solvers)
        {
            solver.Restore(reader);
        }
    }

    private void ForAllRuns(CancellationToken stop, Action<int> work) => ParallelRuns.For(_plan.RunCount, _plan.WorkerCount, run =>
    {
        if (!stop.IsCancellationRequested)
        {
            work(run);
        }
    });
}
