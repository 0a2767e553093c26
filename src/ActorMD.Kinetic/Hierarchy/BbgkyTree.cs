using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics;
using ActorMD.Physics.Laws;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>Trees of the BBGKY hierarchy of N particles [Mix Def. 9.1, High 3.5-3.9, Def. 10.1].</summary>
/// <remarks>
/// New particles are put at contact: after the collision for gain (the velocities then become those before it), before it for loss, so that
/// going back in time they part. Where the new configuration overlaps, f^(n+q) is 0. With several tracked members P the new ones lie on a
/// sphere of radius rho_P about the middle of P, rho_P^2 = eps_k^2 - (k/p) d_p^2(P); there the sign of B = sum x_ij.v_ij says which of both
/// it is. These terms are not in the printed hierarchy of [High], but in the exact one (docs/hierarchy.md).
/// </remarks>
internal sealed class BbgkyTree : ITreeWalker
{
    private readonly SeriesModel _model;
    private readonly TreeDraw _draw;
    private readonly PhaseSpaceOfFew _space;
    private readonly FlowOfFew? _flow;
    private readonly Vec3[][] _velocities;
    private readonly Vec3[][] _positions;
    private readonly Vec3[] _members;
    private readonly Vec3[] _memberPositions;
    private readonly Adjunction _adjunction;
    private readonly double[] _masses;
    private readonly int[] _slots;
    private readonly int[] _species;
    private readonly Vec3[] _all;
    private readonly int _total;

    private TreeStratum _stratum = new([], []);
    private double _signed;
    private double _unsigned;

    public BbgkyTree(SeriesModel model, int depthMax)
    {
        _model = model;
        _draw = new TreeDraw(model, depthMax);
        _space = new PhaseSpaceOfFew(model.Gas);
        _flow = model.Flow == SeriesFlow.True ? new FlowOfFew(model.Gas) : null;
        _velocities = [.. Enumerable.Range(0, depthMax + 1).Select(_ => new Vec3[_draw.ParticleMax])];
        _positions = [.. Enumerable.Range(0, depthMax + 1).Select(_ => new Vec3[_draw.ParticleMax])];
        _members = new Vec3[_draw.OrderMax];
        _memberPositions = new Vec3[_draw.OrderMax];
        _adjunction = new Adjunction(_draw.OrderMax);
        _masses = new double[_draw.OrderMax];
        _slots = new int[_draw.OrderMax];
        _total = model.Counts.Sum();
        int room = Math.Max(model.IsConditioned ? _total : 0, _draw.ParticleMax);
        _species = new int[room];
        _all = new Vec3[room];
    }

    public void Sample(TreeStratum stratum, double time, ref StreamRandom random, TreeSums sums)
    {
        _stratum = stratum;
        _draw.Draw(stratum, time, ref random);
        DrawOthers(ref random);
        int tracked = _draw.Positions.Length;
        _signed = 0;
        _unsigned = 0;
        if (_space.Holds(_species.AsSpan(0, tracked), _draw.Positions, 0))
        {
            _draw.Velocities.AsSpan(0, tracked).CopyTo(_velocities[0]);
            _draw.Positions.CopyTo(_positions[0], 0);
            Descend(0, tracked, _draw.Weight, 1);
        }

        bool isTooFast = _draw.Energy > _model.EnergyMax, isTooClose = _draw.Gap <= _model.Separation;
        sums.Count++;
        for (int n = 0; n < _model.Observables.Length; n++)
        {
            double value = _signed == 0 && _unsigned == 0
                ? 0
                : _model.Observables[n]
                    .At(stratum.Species.AsSpan(0, tracked), _draw.Positions, _draw.Velocities.AsSpan(0, tracked), _model.Scales);
            sums.Add(n, value * _signed, value * _unsigned, isTooFast, isTooClose);
        }
    }

    // Species of the tree's particles; then, for the marginal of the conditioned law, all others of the N with positions drawn from f_0.
    private void DrawOthers(ref StreamRandom random)
    {
        int held = _stratum.Species.Length;
        _stratum.Species.CopyTo(0, _species, 0, held);
        if (!_model.IsConditioned)
        {
            return;
        }

        int next = held;
        for (int a = 0; a < _model.Counts.Length; a++)
        {
            int missing = _model.Counts[a] - _species.AsSpan(0, held).Count(a);
            for (int n = 0; n < missing; n++, next++)
            {
                _species[next] = a;
                _all[next] = ConditionedLaw.DrawPosition(_model, a, ref random);
            }
        }
    }

    private void Descend(int depth, int count, double weight, int sign)
    {
        Vec3[] velocities = _velocities[depth], positions = _positions[depth];
        double back = _draw.Times[depth] - _draw.Times[depth + 1];
        if (_flow is not null)
        {
            _flow.GoBack(_species.AsSpan(0, count), positions.AsSpan(0, count), velocities.AsSpan(0, count), back);
        }
        else
        {
            for (int i = 0; i < count; i++)
            {
                positions[i] -= back * velocities[i];
            }
        }

        if (depth == _stratum.Depth)
        {
            End(count, weight, sign);
            return;
        }

        if (_stratum.Steps[depth].Addition.HasSeveralTracked)
        {
            MeetTogether(depth, count, weight, sign);
        }
        else
        {
            MeetOne(depth, count, weight, sign);
        }
    }

    private void MeetOne(int depth, int count, double weight, int sign)
    {
        Addition addition = _stratum.Steps[depth].Addition;
        int order = addition.Order, active = _draw.Chosen[depth, 0];
        for (int branch = -1; branch <= 1; branch += 2)
        {
            // The branches use the same buffers, one after the other.
            Gather(depth, count, 1, order);
            _adjunction.Draw(_members.AsSpan(0, order), _masses.AsSpan(0, order), _draw.Normals[depth], _draw.Rayleighs[depth]);
            // Approaching (loss) is the mirror image of parting (gain); d_k^2 = k sum |u|^2.
            double scale = branch * _model.Offset * addition.Distance / Math.Sqrt(order);
            Vec3 origin = _positions[depth][active] - scale * _adjunction.Directions[0];
            for (int m = 0; m < order; m++)
            {
                _memberPositions[m] = origin + scale * _adjunction.Directions[m];
                _members[m] = branch > 0 ? _adjunction.Collided[m] : _members[m];
            }

            GoOn(depth, count, 1, order, weight * _adjunction.Spread, branch * sign);
        }
    }

    private void MeetTogether(int depth, int count, double weight, int sign)
    {
        Addition addition = _stratum.Steps[depth].Addition;
        int order = addition.Order, p = addition.Tracked.Length, q = order - p, d = _model.Gas.Dimension;
        Gather(depth, count, p, order);
        Vec3 first = _positions[depth][_draw.Chosen[depth, 0]], middle = Vec3.Zero;
        for (int m = 0; m < p; m++)
        {
            _memberPositions[m] = first + _model.Gas.Box.NearestImage(_positions[depth][_draw.Chosen[depth, m]] - first);
            middle += 1.0 / p * _memberPositions[m];
        }

        double distance = TupleEvent.SymmetricDistanceSquared(_memberPositions.AsSpan(0, p), _members.AsSpan(0, p), 0);
        double squared = addition.Distance * addition.Distance - (double)order / p * distance;
        if (squared <= 0)
        {
            return;
        }

        // theta, uniform on the sphere of the q d dimensions; then the inverse root of the form k sum |y|^2 - |sum y|^2.
        ReadOnlySpan<Vec3> theta = _draw.Normals[depth].AsSpan(0, q);
        Vec3 mean = Vec3.Zero;
        double length = 0;
        foreach (Vec3 part in theta)
        {
            mean += 1.0 / q * part;
            length += part.LengthSquared;
        }

        double radius = Math.Sqrt(squared), scale = radius / Math.Sqrt(length);
        for (int m = 0; m < q; m++)
        {
            _memberPositions[p + m] = middle + scale * (1 / Math.Sqrt(order) * (theta[m] - mean) + 1 / Math.Sqrt(p) * mean);
        }

        double approach = TupleEvent.QuadraticForm(_memberPositions.AsSpan(0, order), _members.AsSpan(0, order)).B;
        for (int power = 2; power < q * d; power++)
        {
            weight *= radius;
        }

        if (approach > 0)
        {
            TupleEvent.Collide(_memberPositions.AsSpan(0, order), _masses.AsSpan(0, order), _members.AsSpan(0, order));
        }

        GoOn(depth, count, p, order, weight * Math.Abs(approach), approach > 0 ? sign : -sign);
    }

    // The velocities of the members: p tracked ones, then the new ones.
    private void Gather(int depth, int count, int p, int order)
    {
        for (int m = 0; m < order; m++)
        {
            _slots[m] = m < p ? _draw.Chosen[depth, m] : count + m - p;
            _members[m] = m < p ? _velocities[depth][_slots[m]] : _draw.Velocities[_slots[m]];
            _masses[m] = _model.Gas.Species[_species[_slots[m]]].Mass;
        }
    }

    // The state with the new particles; nothing where they overlap.
    private void GoOn(int depth, int count, int p, int order, double weight, int sign)
    {
        int next = count + order - p;
        Vec3[] positions = _positions[depth + 1], velocities = _velocities[depth + 1];
        _positions[depth].AsSpan(0, count).CopyTo(positions);
        _velocities[depth].AsSpan(0, count).CopyTo(velocities);
        for (int m = 0; m < order; m++)
        {
            velocities[_slots[m]] = _members[m];
            if (m >= p)
            {
                positions[_slots[m]] = _memberPositions[m];
            }
        }

        if (_flow is null || _space.Holds(_species.AsSpan(0, next), positions.AsSpan(0, next), count))
        {
            Descend(depth + 1, next, weight, sign);
        }
    }

    private void End(int count, double weight, int sign)
    {
        Vec3[] velocities = _velocities[_stratum.Depth], positions = _positions[_stratum.Depth];
        for (int i = 0; i < count; i++)
        {
            weight *= _model.Initial[_species[i]].At(positions[i], velocities[i]);
            _all[i] = positions[i];
        }

        int total = _model.IsConditioned ? _total : count;
        if (_flow is null || total > count)
        {
            if (!_space.Holds(_species.AsSpan(0, total), _all.AsSpan(0, total), _flow is null ? 0 : count))
            {
                return;
            }
        }

        _signed += sign * weight;
        _unsigned += weight;
    }
}
