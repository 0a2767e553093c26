using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>One pseudo-trajectory: one tree with one choice of signs, as a path.</summary>
/// <param name="Species">Of the particles at the end, the tracked ones first.</param>
/// <param name="Legs">Flights from t = t_0 back to 0.</param>
public sealed record PseudoTrajectory(IReadOnlyList<int> Species, IReadOnlyList<TrajectoryLeg> Legs);

/// <summary>A flight between two additions.</summary>
/// <param name="From">Later time.</param>
/// <param name="To">Earlier time.</param>
/// <param name="Before">Positions at the later time, after the addition: x(t_i^-).</param>
/// <param name="After">Positions at the earlier time, before the next addition: x(t_(i+1)^+).</param>
/// <param name="Velocities">Along the flight.</param>
public sealed record TrajectoryLeg(double From, double To, Vec3[] Before, Vec3[] After, Vec3[] Velocities);

/// <summary>
/// Draws pseudo-trajectories of the Boltzmann hierarchy and of the BBGKY hierarchy with free flow on the same random numbers.
/// </summary>
/// <remarks>[Mix Def. 8.1, 9.1; High Def. 9.4, 10.1]. Positions are not wrapped into the box.</remarks>
public sealed class PseudoTrajectories
{
    private readonly SeriesModel _model;
    private readonly TreeDraw _draw;
    private readonly Adjunction _adjunction;

    /// <param name="model">Gas and tracked particles; one tracked particle meets new ones in every step.</param>
    /// <param name="depthMax">Largest k.</param>
    public PseudoTrajectories(SeriesModel model, int depthMax)
    {
        _model = model;
        _draw = new TreeDraw(model, depthMax);
        _adjunction = new Adjunction(_draw.OrderMax);
    }

    /// <summary>Both trajectories of one draw.</summary>
    /// <param name="stratum">The steps.</param>
    /// <param name="time">t.</param>
    /// <param name="seed">Of the draw.</param>
    /// <param name="number">Of the draw: another one, other numbers.</param>
    /// <returns>The points of the limit, and the particles of finite size.</returns>
    public (PseudoTrajectory Boltzmann, PseudoTrajectory Bbgky) Draw(TreeStratum stratum, double time, ulong seed, int number)
    {
        StreamRandom random = new(new StepKey(seed, RandomStream.HierarchyGeometry, 0, 0), number);
        _draw.Draw(stratum, time, ref random);
        bool[] isGain = [.. stratum.Steps.Select(_ => false)];
        for (int step = 0; step < isGain.Length; step++)
        {
            isGain[step] = random.NextBits() >> 63 == 1;
        }

        return (Follow(stratum, isGain, 0), Follow(stratum, isGain, 1));
    }

    // size 0: points; 1: particles at contact.
    private PseudoTrajectory Follow(TreeStratum stratum, bool[] isGain, double size)
    {
        List<Vec3> positions = [.. _draw.Positions], velocities = [.. _draw.Velocities.Take(_draw.Positions.Length)];
        List<TrajectoryLeg> legs = [];
        for (int step = 0; step <= stratum.Depth; step++)
        {
            double from = _draw.Times[step], to = _draw.Times[step + 1];
            Vec3[] before = [.. positions], flying = [.. velocities];
            for (int i = 0; i < positions.Count; i++)
            {
                positions[i] -= (from - to) * velocities[i];
            }

            legs.Add(new TrajectoryLeg(from, to, before, [.. positions], flying));
            if (step < stratum.Depth)
            {
                Add(stratum, step, isGain[step], size, positions, velocities);
            }
        }

        return new PseudoTrajectory(stratum.Species, legs);
    }

    private void Add(TreeStratum stratum, int step, bool isGain, double size, List<Vec3> positions, List<Vec3> velocities)
    {
        Addition addition = stratum.Steps[step].Addition;
        int active = _draw.Chosen[step, 0], order = addition.Order, count = positions.Count;
        Vec3[] members = [velocities[active], .. _draw.Velocities.Skip(count).Take(order - 1)];
        double[] masses = [
            .. Enumerable.Range(0, order).Select(m => _model.Gas.Species[stratum.Species[m == 0 ? active : count + m - 1]].Mass)];
        _adjunction.Draw(members, masses, _draw.Normals[step], _draw.Rayleighs[step]);
        double scale = size * (isGain ? 1 : -1) * addition.Distance / Math.Sqrt(order);
        for (int m = 0; m < order; m++)
        {
            Vec3 velocity = isGain ? _adjunction.Collided[m] : members[m];
            if (m == 0)
            {
                velocities[active] = velocity;
            }
            else
            {
                positions.Add(positions[active] + scale * (_adjunction.Directions[m] - _adjunction.Directions[0]));
                velocities.Add(velocity);
            }
        }
    }
}
