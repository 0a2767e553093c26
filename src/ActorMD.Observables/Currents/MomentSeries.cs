using System.Runtime.CompilerServices;
using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Observables.Statistics;
using ActorMD.Physics;
using ActorMD.Physics.Events;

namespace ActorMD.Observables.Currents;

/// <summary>Time integrals of currents of the whole gas (Helfand moments), and what their changes over a delay are on average.</summary>
/// <remarks>
/// A current has a kinetic part, which is constant between events and changes at one by terms of its participants, and a part that an
/// event transfers at once. So the integral is exact at every time, and a sample costs the same for any number of particles.
/// </remarks>
/// <param name="plan">Delays and intervals.</param>
/// <param name="gas">What is simulated.</param>
/// <param name="width">Number of components of the currents.</param>
/// <param name="valueCount">Number of functions of their changes that are averaged.</param>
internal abstract class MomentSeries(ObservablePlan plan, Gas gas, int width, int valueCount) : Observable(plan, gas)
{
    private readonly int[] _lags = plan.Lags!.Steps(plan.Every);
    private readonly int _originSteps = plan.Lags!.OriginSteps(plan.Every);
    private readonly double[] _change = new double[width];
    private readonly double[] _values = new double[2 * valueCount];
    private BlockMeans[] _means = [];
    private double[] _ring = []; // the moments at the last samples
    private double _start;
    private double _nextTime = double.PositiveInfinity;
    private long _next;

    /// <summary>The kinetic parts now.</summary>
    protected double[] Rates { get; } = new double[width];

    /// <summary>The moments as they will be at the next sample if nothing happens until then.</summary>
    protected double[] Moments { get; } = new double[width];

    /// <summary>Number of delays; 0 before the beginning.</summary>
    protected int LagCount => _means.Length;

    /// <summary>Time over which all changes were looked at.</summary>
    protected double Duration => (_next - 1) * Plan.Every;

    /// <summary>The moments at the last sample.</summary>
    internal ReadOnlySpan<double> Last => _ring.AsSpan(width * (int)((_next - 1) % (_lags[^1] + 1)), width);

    /// <summary>A delay, simulation time.</summary>
    protected double Lag(int index) => _lags[index] * Plan.Every;

    /// <summary>The averages of a delay: the functions at it, then those at the delay before.</summary>
    protected BlockMeans MeansOf(int lag) => _means[lag];

    public override void Begin(SystemState state, EventTally tally)
    {
        Allocate();
        _start = state.AbsoluteTime;
        BeginRates(state);
        _nextTime = _start;
        AdvanceTo(_start);
    }

    public override void OnEvent(in EventView happened)
    {
        while (_nextTime < happened.Time)
        {
            Step();
        }

        if (happened.Order > 1)
        {
            Add(happened, _nextTime - happened.Time);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // compiled for the processor at hand, not ahead (ActorMD.Cli.csproj)
    public override void OnPairs(in PairList pairs)
    {
        foreach (ref readonly PairRecord record in pairs.Records)
        {
            double time = pairs.TimeOf(record);
            while (_nextTime < time)
            {
                Step();
            }

            AddPair(record, pairs.SpeciesOf(record.First), pairs.SpeciesOf(record.Second), _nextTime - time);
        }
    }

    public override void AdvanceTo(double time)
    {
        while (_nextTime <= time)
        {
            Step();
        }
    }

    public override void Save(BinaryWriter writer)
    {
        writer.Write(_ring.Length);
        if (_ring.Length == 0)
        {
            return;
        }

        writer.Write(_start);
        writer.Write(_nextTime);
        writer.Write(_next);
        Bytes.Write(writer, Rates);
        Bytes.Write(writer, Moments);
        Bytes.Write(writer, _ring);
        foreach (BlockMeans means in _means)
        {
            means.Save(writer);
        }
    }

    public override void Load(BinaryReader reader)
    {
        int length = reader.ReadInt32();
        if (length == 0)
        {
            return;
        }

        Allocate();
        if (length != _ring.Length)
        {
            throw new InvalidDataException("moments of other delays");
        }

        _start = reader.ReadDouble();
        _nextTime = reader.ReadDouble();
        _next = reader.ReadInt64();
        Bytes.Read(reader, Rates);
        Bytes.Read(reader, Moments);
        Bytes.Read(reader, _ring);
        foreach (BlockMeans means in _means)
        {
            means.Load(reader);
        }
    }

    /// <summary>Sets <see cref="Rates"/> from a state.</summary>
    protected abstract void BeginRates(SystemState state);

    /// <summary>Adds what an event transfers to <see cref="Moments"/>, and the change of <see cref="Rates"/> to both.</summary>
    /// <param name="happened">Of order 2 or more.</param>
    /// <param name="left">Time until the next sample.</param>
    protected abstract void Add(in EventView happened, double left);

    /// <summary>The same for a pair collision.</summary>
    /// <param name="happened">The collision.</param>
    /// <param name="first">Species of the first participant.</param>
    /// <param name="second">Species of the second one.</param>
    /// <param name="left">Time until the next sample.</param>
    protected abstract void AddPair(in PairRecord happened, int first, int second, double left);

    /// <summary>The functions of a change of the moments.</summary>
    protected abstract void Evaluate(ReadOnlySpan<double> change, Span<double> values);

    private void Allocate()
    {
        _ring = new double[width * (_lags[^1] + 1)];
        _means = BlockMeans.Several(_lags.Length, 2 * valueCount);
    }

    // A sample at its time, after all events up to it, and the way to the next one.
    private void Step()
    {
        Sample();
        _next++;
        double next = _start + _next * Plan.Every, step = next - _nextTime;
        _nextTime = next;
        for (int c = 0; c < width; c++)
        {
            Moments[c] += Rates[c] * step;
        }
    }

    private void Sample()
    {
        int rows = _lags[^1] + 1;
        Moments.CopyTo(_ring.AsSpan(width * (int)(_next % rows)));
        for (int lag = 1; lag < _lags.Length && _lags[lag] <= _next; lag++)
        {
            long origin = _next - _lags[lag];
            if (origin % _originSteps == 0)
            {
                EvaluateChange(origin, _next, _values.AsSpan(0, valueCount));
                EvaluateChange(origin, origin + _lags[lag - 1], _values.AsSpan(valueCount));
                _means[lag].Add(_values);
            }
        }
    }

    private void EvaluateChange(long from, long to, Span<double> values)
    {
        int rows = _lags[^1] + 1;
        ReadOnlySpan<double> before = _ring.AsSpan(width * (int)(from % rows), width);
        ReadOnlySpan<double> after = _ring.AsSpan(width * (int)(to % rows), width);
        for (int c = 0; c < width; c++)
        {
            _change[c] = after[c] - before[c];
        }

        Evaluate(_change, values);
    }
}
