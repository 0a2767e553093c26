using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Files.Studies;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Theory;
using ActorMD.Physics;
using ActorMD.Runs;
using ActorMD.Runs.Observables;
using ActorMD.Studies.Boltzmann;

namespace ActorMD.Studies.Convergence;

/// <summary>
/// Follows moments of the velocity in homogeneous gases whose collisions have different sets of orders: do higher orders speed the
/// generation
/// and the decay of moments [High 1]?
/// </summary>
/// <remarks>
/// Two comparisons, because more collisions relax faster whatever they are. "added": all rates as the case has them. "equal": the rates of
/// a set are multiplied by one factor so that a particle of the equilibrium gas collides as often, with all orders together, as with
/// pairs alone. Times are in mean free times of the pairs. A moment is divided by that of the Maxwellian with the run's energy.
/// </remarks>
public sealed class MomentComparison
{
    private readonly MomentStudy _study;
    private readonly int _workerCount;
    private readonly Action<string> _report;
    private readonly CancellationToken _stop;

    /// <param name="study">What to compare.</param>
    /// <param name="workerCount">Threads; no number depends on them.</param>
    /// <param name="report">Gets a line for every gas.</param>
    /// <param name="stop">Ends the study.</param>
    public MomentComparison(MomentStudy study, int workerCount, Action<string> report, CancellationToken stop)
    {
        _study = study;
        _workerCount = workerCount;
        _report = report;
        _stop = stop;
    }

    /// <summary>What the study will cost.</summary>
    public StudyCost Cost()
    {
        const double BytesPerParticle = 120, SecondsPerCollision = 2e-7;
        double perParticle = 0;
        foreach (Case @case in _study.Cases)
        {
            double variance = @case.Initial.Velocities.Species[0].TemperatureIn(@case.Gas.Box) / @case.Gas.Species[0].Mass;
            double pairs = RateOf(@case, 2, variance);
            perParticle += _study.Orders.Sum(orders => 1 + (orders.Length > 1 ? orders.Sum(order => RateOf(@case, order, variance)) / pairs : 0));
        }

        double particles = (double)_study.Particles;
        return StudyCost.Of(
            [], BytesPerParticle * particles * Math.Min(_study.Runs, _workerCount),
            SecondsPerCollision * particles * _study.Runs * perParticle * _study.Times[^1], _workerCount);
    }

    /// <summary>Solves all gases.</summary>
    public MomentResult Run()
    {
        List<MomentCurve> curves = [];
        foreach (Case @case in _study.Cases)
        {
            for (int set = 0; set < _study.Orders.Length; set++)
            {
                foreach (bool isAdded in _study.Orders[set].Length > 1 ? (bool[])[false, true] : [false])
                {
                    curves.Add(Follow(@case, set, isAdded));
                    _report($"{curves[^1].Case}: orders {curves[^1].Orders}, {curves[^1].Rates}");
                }
            }
        }

        return new MomentResult(MomentResult.SchemaName, _study.Name, ProductVersion.Text, _study.Particles, _study.Runs, [.. curves])
        {
            Generation = [.. from order in _study.Orders.SelectMany(o => o).Distinct().Order()
                             from dimension in _study.Cases.Select(c => c.Gas.Dimension).Distinct()
                             from power in _study.Powers
                             select new GenerationConstant(order, dimension, power, MomentGeneration.Constant(order, dimension, power))],
        };
    }

    private static double RateOf(Case @case, int order, double variance) => CollisionFrequency.Tuple(
        order, @case.Gas.Dimension, @case.Counts[0] / @case.Gas.Box.Volume,
        order == 2 ? @case.Gas.Species[0].Diameter : @case.Gas.ZoneOf(order)!.Distance, variance);

    private MomentCurve Follow(Case @case, int set, bool isAdded)
    {
        ImmutableArray<int> orders = _study.Orders[set];
        double variance = @case.Initial.Velocities.Species[0].TemperatureIn(@case.Gas.Box) / @case.Gas.Species[0].Mass;
        double pairs = RateOf(@case, 2, variance), all = orders.Sum(order => RateOf(@case, order, variance));
        double factor = isAdded ? 1 : pairs / all;
        ImmutableArray<CollisionChannel> channels =
            [.. CollisionChannel.All(@case.Gas).Where(c => orders.Contains(c.Order))
                .Select(c => c.WithExponent(_study.ExponentOf(set, c.Order), @case.Gas.Dimension, variance).Times(factor))];
        DsmcSize size = DsmcSize.For(@case.Counts, _study.Particles);
        InitialData free = @case.Initial with { Velocities = @case.Initial.Velocities with { TotalEnergy = null, TotalMomentum = null } };
        double[][][] ratios = new double[_study.Runs][][];
        ParallelRuns.For(_study.Runs, _workerCount, run =>
        {
            ParticleState[] particles = DsmcStart.Draw(@case.Gas, size, free, _study.Seed, run);
            DsmcSolver solver = new(
                @case.Gas, DsmcGrid.Homogeneous(@case.Gas.Box), size.Weight, particles, _study.Seed, run, 1, channels);
            ratios[run] = [Ratios(@case, particles), .. new double[_study.Times.Length][]];
            double before = 0;
            for (int time = 0; time < _study.Times.Length; time++)
            {
                _stop.ThrowIfCancellationRequested();
                solver.Advance((_study.Times[time] - before) / pairs, 1, _stop);
                before = _study.Times[time];
                solver.CopyTo(particles);
                ratios[run][time + 1] = Ratios(@case, particles);
            }
        });
        return new MomentCurve(
            @case.Name, string.Join('+', orders.Select(k => _study.ExponentOf(set, k) is var gamma && gamma == 1 ? $"{k}" : FormattableString.Invariant($"{k}^{gamma}"))), isAdded ? "added" : "equal", factor * all / pairs,
            [.. _study.Powers.Select((power, p) => new MomentHistory(
                power,
                [.. _study.Times.Prepend(0).Select((time, t) =>
                {
                    RunMean mean = RunMean.Of(ratios.Select(run => (double?)run[t][p]));
                    return new MomentValue(time, mean.Value!.Value, mean.Error!.Value);
                })],
                Decay(ratios, p))
            {
                Tail = Tail(@case, ratios, p, set),
            })]);
    }

    // The power of t of a moment that is infinite at first, while the tail is most of it; its error by leaving out one run after the other.
    private MomentTail? Tail(Case @case, double[][][] ratios, int power, int set)
    {
        const double RatioMin = 2;
        if (@case.Initial.Velocities.Species[0] is not VelocitySum { Parts: [{ Shape: PowerShape shape }] }
            || _study.Powers[power] <= shape.Tail)
        {
            return null;
        }

        int[] used = [.. Enumerable.Range(0, _study.Times.Length).TakeWhile(time => ratios
            .Average(run => run[time + 1][power]) > RatioMin)];
        double hardest = _study.Orders[set].Max(order => _study.ExponentOf(set, order));
        if (used.Length < 3 || hardest == 0)
        {
            return null;
        }

        double slope = Slope(-1);
        double[] without = [.. Enumerable.Range(0, ratios.Length).Select(Slope)];
        double error = Math.Sqrt(without
            .Sum(s => (s - without.Average()) * (s - without.Average())) * (ratios.Length - 1.0) / ratios.Length);
        return new MomentTail(slope, error, -(_study.Powers[power] - shape.Tail) / hardest, _study.Times[used[0]], _study.Times[used[^1]]);

        double Slope(int leftOut)
        {
            (double X, double Y)[] points =
                [.. used.Select(time =>
                    (Math.Log(_study.Times[time]),
                    Math.Log(ratios.Where((_, run) => run != leftOut).Average(run => run[time + 1][power]))))];
            double x = points.Average(p => p.X), y = points.Average(p => p.Y);
            return points.Sum(p => (p.X - x) * (p.Y - y)) / points.Sum(p => (p.X - x) * (p.X - x));
        }
    }

    // Of |v|^p over that of a Maxwellian of the same energy.
    private double[] Ratios(Case @case, ParticleState[] particles)
    {
        int dimension = @case.Gas.Dimension;
        double variance = particles.Average(p => p.Velocity.LengthSquared) / dimension;
        return [.. _study.Powers.Select(power =>
        {
            double normal = 1;
            for (int factor = 0; factor < power; factor += 2)
            {
                normal *= dimension + factor;
            }

            return particles.Average(p => Math.Pow(p.Velocity.LengthSquared / variance, 0.5 * power)) / normal;
        })];
    }

    // -d ln|ratio - 1|/dt between time 0 and the first time of the study, with the error of its runs.
    private MeasuredValue? Decay(double[][][] ratios, int power)
    {
        RunMean first = RunMean.Of(ratios.Select(run => (double?)(run[0][power] - 1))), last = RunMean.Of(ratios.Select(run => (double?)(run[1][power] - 1)));
        if (!(first.Value / last.Value > 0) || Math.Abs(last.Value!.Value) < 3 * last.Error)
        {
            return null;
        }

        double span = _study.Times[0], rate = Math.Log(first.Value!.Value / last.Value.Value) / span;
        // Run by run to first order, because start and end of a run belong together.
        RunMean scatter = RunMean.Of(ratios.Select(run => (double?)((run[0][power] - 1) / first.Value.Value - (run[1][power] - 1) / last.Value.Value)));
        return new MeasuredValue(rate, scatter.Error!.Value / span);
    }
}

/// <summary>What a study of moments found.</summary>
/// <param name="Schema">actormd-moments/1.</param>
/// <param name="Name">Of the study.</param>
/// <param name="Version">Of ActorMD.</param>
/// <param name="Particles">Simulated in each run.</param>
/// <param name="Runs">Independent runs.</param>
/// <param name="Curves">One per case, set of orders and kind of comparison.</param>
public sealed record MomentResult(string Schema, string Name, string Version, int Particles, int Runs, ImmutableArray<MomentCurve> Curves)
{
    public const string SchemaName = "actormd-moments/1";

    /// <summary>How fast hard spheres tear down high moments, by order: dm_p/dt is about -g m_(p+1) per mean collision.</summary>
    public ImmutableArray<GenerationConstant> Generation { get; init; } = [];

    /// <summary>Indented JSON with a newline at its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonStyle.Reflected) + "\n";

    /// <summary>One row per curve, moment and time.</summary>
    public string ToCsv()
    {
        StringBuilder text = new("case,orders,rates,collisions_per_pair_collision,power,time,ratio,error\n");
        foreach (MomentCurve curve in Curves)
        {
            foreach (MomentHistory history in curve.Moments)
            {
                foreach (MomentValue value in history.Values)
                {
                    text.Append(CultureInfo.InvariantCulture,
                        $"{curve.Case},{curve.Orders},{curve.Rates},{curve.Frequency:R},{history.Power},{value.Time:R},{value.Ratio:R},{value.Error:R}\n");
                }
            }
        }

        return text.ToString();
    }
}

/// <summary>One gas.</summary>
/// <param name="Case">Its name.</param>
/// <param name="Orders">Joined by +.</param>
/// <param name="Rates">equal or added.</param>
/// <param name="Frequency">Collisions of a particle in equilibrium over those with pairs alone.</param>
/// <param name="Moments">Power after power.</param>
public sealed record MomentCurve(string Case, string Orders, string Rates, double Frequency, ImmutableArray<MomentHistory> Moments);

/// <summary>g_k(p) of <see cref="MomentGeneration"/>.</summary>
public sealed record GenerationConstant(int Order, int Dimension, int Power, double Value);

/// <summary>One moment.</summary>
/// <param name="Power">p of |v|^p.</param>
/// <param name="Values">At time 0 and every time of the study.</param>
/// <param name="Decay">Of |ratio - 1| between time 0 and the first time, per mean free time of the pairs; null when it is lost in
/// noise.</param>
public sealed record MomentHistory(int Power, ImmutableArray<MomentValue> Values, MeasuredValue? Decay)
{
    /// <summary>How a moment that is infinite at first falls; null for others, and where fewer than three times see the tail.</summary>
    public MomentTail? Tail { get; init; }
}

/// <summary>The moment of a power tail v^(-nu-d) falls like a power of the time as t tends to 0.</summary>
/// <param name="Exponent">Fitted.</param>
/// <param name="Error">Standard error, by leaving out one run after the other.</param>
/// <param name="Law">-(p - nu)/gamma, gamma the highest exponent of the kernels: the particles faster than t^(-1/gamma) have
/// collided.</param>
/// <param name="From">First time of the fit, mean free times of the pairs.</param>
/// <param name="To">Last time of the fit.</param>
public sealed record MomentTail(double Exponent, double Error, double Law, double From, double To);

/// <summary>A moment over that of the Maxwellian.</summary>
public sealed record MomentValue(double Time, double Ratio, double Error);
