using System.Collections.Immutable;
using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;

namespace ActorMD.Observables;

/// <summary>What is to be done with the state at a time.</summary>
/// <param name="BeginsAtOnce">Observables that follow a run from its start begin.</param>
/// <param name="Begins">Those that begin where the averages start do.</param>
/// <param name="Samples">Which observables take a sample.</param>
public sealed record DueSamples(bool BeginsAtOnce, bool Begins, ImmutableArray<int> Samples);

/// <summary>When observables begin, and when they look at the state.</summary>
/// <param name="all">The observables.</param>
/// <param name="from">Time from which on averages are taken.</param>
/// <param name="timeOf">The moment of a sample of an observable, from index 0 on; +infinity after the end.</param>
internal sealed class SampleSchedule(Observable[] all, double from, Func<ObservablePlan, long, double> timeOf)
{
    private readonly long[] _next = new long[all.Length];
    private bool _hasBegun; // those that begin where the averages start
    private bool _hasBegunAtOnce;

    /// <summary>The next time at which the state is wanted; +infinity if never.</summary>
    public double NextDue
    {
        get
        {
            double due = !_hasBegunAtOnce ? 0 : _hasBegun ? double.PositiveInfinity : from;
            for (int k = 0; k < all.Length; k++)
            {
                due = all[k].SamplesStates ? Math.Min(due, TimeOf(k)) : due;
            }

            return due;
        }
    }

    /// <summary>What is due at a time that is reached; it is due no longer.</summary>
    public DueSamples Take(double time)
    {
        bool beginsAtOnce = !_hasBegunAtOnce, begins = !_hasBegun && from <= time;
        _hasBegunAtOnce = true;
        _hasBegun |= begins;
        List<int> samples = [];
        for (int k = 0; k < all.Length; k++)
        {
            if (all[k].BeginsAtOnce ? beginsAtOnce : begins)
            {
                SkipUntil(k, all[k].BeginsAtOnce ? 0 : from);
            }

            if (all[k].SamplesStates && TimeOf(k) <= time)
            {
                samples.Add(k);
                _next[k]++;
            }
        }

        return new DueSamples(beginsAtOnce, begins, [.. samples]);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_hasBegun);
        writer.Write(_hasBegunAtOnce);
        Array.ForEach(_next, writer.Write);
    }

    /// <returns>Whether those have begun that begin where the averages start.</returns>
    public bool Load(BinaryReader reader)
    {
        _hasBegun = reader.ReadBoolean();
        _hasBegunAtOnce = reader.ReadBoolean();
        for (int k = 0; k < _next.Length; k++)
        {
            _next[k] = reader.ReadInt64();
        }

        return _hasBegun;
    }

    private void SkipUntil(int k, double time)
    {
        while (all[k].SamplesStates && TimeOf(k) < time)
        {
            _next[k]++;
        }
    }

    private double TimeOf(int k) =>
        (all[k].BeginsAtOnce ? _hasBegunAtOnce : _hasBegun) ? timeOf(all[k].Plan, _next[k]) : double.PositiveInfinity;
}
