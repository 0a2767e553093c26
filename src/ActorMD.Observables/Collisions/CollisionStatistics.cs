using ActorMD.Observables.Measuring;
using ActorMD.Observables.Plans;
using ActorMD.Observables.Statistics;
using ActorMD.Physics;

namespace ActorMD.Observables.Collisions;

/// <summary>What collisions are like, by pair of species and by order of the event.</summary>
/// <remarks>
/// For every participant: the time since its last event of order 2 or more, and the path that it has flown since. For every event: the
/// impact parameter, in units of the distance at which the event happens (sqrt(1 - B^2/(D C)) with the quadratic form of the tuple: for a
/// pair the sine of the angle between relative velocity and line of centres), and the relative speed (sqrt of the sum over pairs of
/// |v_ij|^2 before it). A recollision is an event of two particles that have met before: it is counted by how many other events they have
/// had in between, both together.
/// </remarks>
internal sealed class CollisionStatistics : Observable
{
    private const int Memory = 8; // latest events that a particle remembers
    private const int RecollisionMax = 16;
    private const double RangeInMeans = 5, RangeInSpeeds = 6; // of the histograms

    private static readonly string[] QuantityNames = ["free_time", "free_path", "impact_parameter", "relative_speed"];

    private readonly int _particleCount;
    private readonly int _channelCount;
    private readonly int _speciesCount;
    private readonly List<string> _names = [];
    private readonly BlockMeans[] _means; // by channel and quantity
    private readonly long[] _histograms; // by channel, quantity, bin
    private readonly double[] _widths; // of bins, by channel and quantity
    private readonly long[] _recollisions; // by channel (pairs only) and number of events in between
    private readonly long[] _pairEvents; // by channel (pairs only)
    private readonly double[] _lastTime; // by particle, NaN: no event yet
    private readonly int[] _partners; // by particle, the partners of its latest events; -1: none
    private readonly uint[] _eventCounts; // by particle

    /// <param name="plan">Bins.</param>
    /// <param name="gas">What is simulated.</param>
    /// <param name="particleCount">Ids are below it.</param>
    public CollisionStatistics(ObservablePlan plan, Gas gas, int particleCount)
        : base(plan, gas)
    {
        _particleCount = particleCount;
        _speciesCount = gas.Species.Length;
        for (int a = 0; a < _speciesCount; a++)
        {
            for (int b = 0; b < _speciesCount; b++)
            {
                _names.Add(gas.Species[Math.Min(a, b)].Name + gas.Species[Math.Max(a, b)].Name);
            }
        }

        for (int order = 3; order <= gas.OrderMax; order++)
        {
            _names.Add(FormattableString.Invariant($"order{order}"));
        }

        _channelCount = _names.Count;
        int quantities = _channelCount * QuantityNames.Length;
        _means = [.. Enumerable.Range(0, quantities).Select(_ => new BlockMeans(1))];
        _histograms = new long[quantities * (plan.Bins + 1)];
        _widths = new double[quantities];
        _recollisions = new long[_channelCount * (RecollisionMax + 1)];
        _pairEvents = new long[_channelCount];
        _lastTime = new double[particleCount];
        Array.Fill(_lastTime, double.NaN);
        _partners = new int[Memory * particleCount];
        Array.Fill(_partners, -1);
        _eventCounts = new uint[particleCount];
    }

    public override void Begin(SystemState state, EventTally tally)
    {
        double temperature = Temperature.Of(Gas, state), volume = Gas.Box.Volume, area = Gas.Dimension == 3 ? 4 * Math.PI : 2 * Math.PI;
        int[] counts = state.CountSpecies(Gas);
        double[] times = new double[_speciesCount], speeds = new double[_speciesCount];
        for (int a = 0; a < _speciesCount; a++)
        {
            double rate = 0;
            speeds[a] = Math.Sqrt(temperature / Gas.Species[a].Mass);
            for (int b = 0; b < _speciesCount; b++)
            {
                double distance = Gas.ContactDistance(a, b);
                rate += counts[b] / volume * area * (Gas.Dimension == 3 ? distance * distance : distance) * RelativeSpeed(temperature, a, b)
                    / Math.Sqrt(2 * Math.PI);
            }

            times[a] = 1 / rate;
        }

        for (int channel = 0; channel < _channelCount; channel++)
        {
            bool isPair = channel < _speciesCount * _speciesCount;
            int a = isPair ? channel / _speciesCount : 0, b = isPair ? channel % _speciesCount : 0;
            double time = isPair ? Math.Max(times[a], times[b]) : times.Max();
            double speed = isPair ? Math.Max(speeds[a], speeds[b]) : speeds.Max();
            int order = isPair ? 2 : channel - _speciesCount * _speciesCount + 3;
            double relative = isPair ? RelativeSpeed(temperature, a, b) : Math.Sqrt(order * (order - 1)) * speed;
            double[] ends = [RangeInMeans * time, RangeInMeans * time * speed, 1, RangeInSpeeds * relative];
            for (int q = 0; q < ends.Length; q++)
            {
                _widths[channel * ends.Length + q] = ends[q] / Plan.Bins;
            }
        }
    }

    public override void OnEvent(in EventView happened)
    {
        if (happened.Order < 2)
        {
            return;
        }

        int count = happened.Ids.Length;
        int channel = count == 2
            ? Math.Min(happened.Species[0], happened.Species[1]) * _speciesCount + Math.Max(happened.Species[0], happened.Species[1])
            : _speciesCount * _speciesCount + count - 3;
        double d = 0, b = 0, c = 0;
        for (int i = 0; i < count; i++)
        {
            for (int j = i + 1; j < count; j++)
            {
                Vec3 r = happened.Offsets[j] - happened.Offsets[i], v = happened.Before[j] - happened.Before[i];
                d += r.LengthSquared;
                b += Vec3.Dot(r, v);
                c += v.LengthSquared;
            }
        }

        for (int k = 0; k < count; k++)
        {
            int id = happened.Ids[k];
            double since = happened.Time - _lastTime[id];
            if (!double.IsNaN(since))
            {
                Note(channel, 0, since);
                Note(channel, 1, since * Math.Sqrt(happened.Before[k].LengthSquared));
            }

            _lastTime[id] = happened.Time;
        }

        if (c > 0 && d > 0)
        {
            Note(channel, 2, Math.Sqrt(Math.Max(0, 1 - b * b / (d * c))));
            Note(channel, 3, Math.Sqrt(c));
        }

        if (count == 2)
        {
            NoteRecollision(channel, happened.Ids[0], happened.Ids[1]);
        }

        for (int k = 0; k < count; k++)
        {
            int id = happened.Ids[k];
            _partners[Memory * id + (int)(_eventCounts[id]++ % Memory)] = count == 2 ? happened.Ids[1 - k] : -1;
        }
    }

    public override IEnumerable<ObservableTable> Tables()
    {
        List<object[]> rows = [], histograms = [], recollisions = [];
        for (int channel = 0; channel < _channelCount; channel++)
        {
            if (channel < _speciesCount * _speciesCount && channel / _speciesCount > channel % _speciesCount)
            {
                continue; // as the pair in the other order
            }

            for (int q = 0; q < QuantityNames.Length; q++)
            {
                AddRows(channel, q, rows, histograms);
            }

            for (int between = 0; between <= RecollisionMax && _pairEvents[channel] > 0; between++)
            {
                long found = _recollisions[channel * (RecollisionMax + 1) + between];
                recollisions.Add([_names[channel], between, found, found / (double)_pairEvents[channel]]);
            }
        }

        yield return new ObservableTable(
            "",
            [
                "Means over collisions, one row per channel (pair of species, or order of the event) and quantity, with standard errors.",
                "free_time: time; free_path: length; relative_speed: length/time; impact_parameter: in units of the distance of the event.",
                "Free times and paths count once for every participant.",
            ],
            ["channel", "quantity", "count", "mean", "mean_error"],
            rows)
        {
            KeyCount = 2,
        };
        yield return new ObservableTable(
            "-histograms",
            [
                "Distributions of the same quantities. low, high: bounds of the bin, in the quantity's unit; density: share of",
                "all per unit of the quantity.",
                "Bins of times and paths end at five means of a dilute gas of this density, those of speeds at six thermal",
                "speeds; what is beyond is in no bin.",
            ],
            ["channel", "quantity", "low", "high", "count", "density"],
            histograms)
        {
            KeyCount = 4,
        };
        yield return new ObservableTable(
            "-recollisions",
            [
                "Collisions of pairs that had met before: after how many other events of the two, both together.",
                FormattableString.Invariant($"A particle remembers its latest {Memory} events; what is longer ago is no recollision here."),
                "share: of all collisions of the channel.",
            ],
            ["channel", "events_between", "count", "share"],
            recollisions)
        {
            KeyCount = 2,
        };
    }

    public override void Save(BinaryWriter writer)
    {
        foreach (BlockMeans means in _means)
        {
            means.Save(writer);
        }

        Bytes.Write(writer, _histograms);
        Bytes.Write(writer, _widths);
        Bytes.Write(writer, _recollisions);
        Bytes.Write(writer, _pairEvents);
        Bytes.Write(writer, _lastTime);
        Bytes.Write(writer, _partners);
        Bytes.Write(writer, _eventCounts);
    }

    public override void Load(BinaryReader reader)
    {
        foreach (BlockMeans means in _means)
        {
            means.Load(reader);
        }

        Bytes.Read(reader, _histograms);
        Bytes.Read(reader, _widths);
        Bytes.Read(reader, _recollisions);
        Bytes.Read(reader, _pairEvents);
        Bytes.Read(reader, _lastTime);
        Bytes.Read(reader, _partners);
        Bytes.Read(reader, _eventCounts);
        if (_partners.Any(partner => partner < -1 || partner >= _particleCount))
        {
            throw new InvalidDataException("partners that do not exist");
        }
    }

    private void AddRows(int channel, int q, List<object[]> rows, List<object[]> histograms)
    {
        int at = channel * QuantityNames.Length + q, bins = Plan.Bins;
        BlockMeans means = _means[at];
        if (means.Count == 0)
        {
            return;
        }

        rows.Add([_names[channel], QuantityNames[q], means.Count, means.Mean(0), means.Error(0)]);
        for (int bin = 0; bin < bins; bin++)
        {
            long found = _histograms[at * (bins + 1) + bin];
            histograms.Add([
                _names[channel], QuantityNames[q], bin * _widths[at], (bin + 1) * _widths[at], found,
                found / (means.Count * _widths[at])]);
        }
    }

    // A thermal speed of the relative motion.
    private double RelativeSpeed(double temperature, int a, int b) =>
        Math.Sqrt(temperature * (1 / Gas.Species[a].Mass + 1 / Gas.Species[b].Mass));

    private void Note(int channel, int q, double value)
    {
        int at = channel * QuantityNames.Length + q, bins = Plan.Bins;
        _means[at].Add([value]);
        double bin = value / _widths[at];
        _histograms[at * (bins + 1) + (bin < bins ? (int)bin : q == 2 ? bins - 1 : bins)]++;
    }

    private void NoteRecollision(int channel, int first, int second)
    {
        _pairEvents[channel]++;
        uint a = Since(first, second), b = Since(second, first);
        if (a != uint.MaxValue && b != uint.MaxValue)
        {
            _recollisions[channel * (RecollisionMax + 1) + (int)Math.Min(RecollisionMax, a + b)]++;
        }
    }

    // Events of a particle since it last met another one.
    private uint Since(int id, int partner)
    {
        uint count = _eventCounts[id];
        for (uint back = 0; back < Math.Min(Memory, count); back++)
        {
            if (_partners[Memory * id + (int)((count - 1 - back) % Memory)] == partner)
            {
                return back;
            }
        }

        return uint.MaxValue;
    }
}
