using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>Trees of the Boltzmann hierarchy [Mix Def. 8.1, High Def. 9.4].</summary>
/// <remarks>
/// Each step doubles: gain, in which the velocities become those before the collision, and loss, in which they stay. New particles begin
/// where the tracked one is. Where something depends on the position, a tree is evaluated at several positions, shifted by equal parts of
/// the box: nothing but the initial data and the observable feels that, and what does not hang together with a wave cancels. The direction
/// on E is drawn with the kernel b_+ as its density (<see cref="TupleDirection"/>), so that a step weighs |E| c G.
/// </remarks>
internal sealed class BoltzmannTree : ITreeWalker
{
    private readonly SeriesModel _model;
    private readonly TreeDraw _draw;
    private readonly bool _hasPositions;
    private readonly Vec3[][] _velocities;
    private readonly Vec3[][] _positions;
    private readonly Vec3[] _members;
    private readonly Adjunction _adjunction;
    private readonly Vec3[] _shifted;
    private readonly double[] _masses;
    private readonly double[] _speciesMasses;

    private TreeStratum _stratum = new([], []);
    private readonly Vec3[] _shifts;
    private readonly double[] _signed;
    private readonly double[] _unsigned;
    private readonly bool _hasOneLaw;

    public BoltzmannTree(SeriesModel model, int depthMax)
    {
        _model = model;
        _draw = new TreeDraw(model, depthMax);
        _hasPositions = !model.NeedsNoPositions;
        _shifts = _hasPositions ? Shifts(model) : [Vec3.Zero];
        _signed = new double[_shifts.Length];
        _unsigned = new double[_shifts.Length];
        _hasOneLaw = model.Initial.All(f => f.HasOneLaw);
        _velocities = Rows(depthMax + 1, _draw.ParticleMax);
        _positions = Rows(depthMax + 1, _draw.ParticleMax);
        _members = new Vec3[_draw.OrderMax];
        _adjunction = new Adjunction(_draw.OrderMax);
        _shifted = new Vec3[model.Tracked.Length];
        _masses = new double[_draw.OrderMax];
        _speciesMasses = [.. model.Gas.Species.Select(s => s.Mass)];
    }

    public void Sample(TreeStratum stratum, double time, ref StreamRandom random, TreeSums sums)
    {
        _stratum = stratum;
        _draw.Draw(stratum, time, ref random);
        int tracked = _draw.Positions.Length;
        _draw.Velocities.AsSpan(0, tracked).CopyTo(_velocities[0]);
        _draw.Positions.CopyTo(_positions[0], 0);
        Array.Clear(_signed);
        Array.Clear(_unsigned);
        Descend(0, tracked, _draw.Weight, 1);
        bool isTooFast = _draw.Energy > _model.EnergyMax, isTooClose = _draw.Gap <= _model.Separation;
        sums.Count++;
        for (int n = 0; n < _model.Observables.Length; n++)
        {
            double value = 0, all = 0;
            for (int j = 0; j < _shifts.Length; j++)
            {
                double phi = _model.Observables[n].At(
                    stratum.Species.AsSpan(0, tracked), Shifted(_draw.Positions, _shifts[j]), _draw.Velocities.AsSpan(0, tracked),
                    _model.Scales);
                value += phi * _signed[j];
                all += phi * _unsigned[j];
            }

            sums.Add(n, value / _shifts.Length, all / _shifts.Length, isTooFast, isTooClose);
        }
    }

    // Along the first axis on which something depends.
    private static Vec3[] Shifts(SeriesModel model)
    {
        const int Count = 4;
        Box box = model.Gas.Box;
        int axis = model.Initial.SelectMany(f => f.Axes).Append(model.Scales.Wave?.Along ?? 0).First();
        return [.. Enumerable.Range(0, Count).Select(j => Vec3.Zero.With(axis, j * box.Lengths[axis] / Count))];
    }

    private Vec3[] Shifted(Vec3[] positions, Vec3 shift)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            _shifted[i] = positions[i] + shift;
        }

        return _shifted;
    }

    private static Vec3[][] Rows(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new Vec3[columns])];

    // Row `depth` holds the state just after (in time: just after) t_depth; here it flies back to the next time.
    private void Descend(int depth, int count, double weight, int sign)
    {
        Vec3[] velocities = _velocities[depth], positions = _positions[depth];
        if (_hasPositions)
        {
            double back = _draw.Times[depth] - _draw.Times[depth + 1];
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

        TreeStep step = _stratum.Steps[depth];
        int active = _draw.Chosen[depth, 0], order = step.Addition.Order;
        Vec3[] nextVelocities = _velocities[depth + 1];
        for (int sense = -1; sense <= 1; sense += 2)
        {
            for (int m = 0; m < order; m++)
            {
                int slot = m == 0 ? active : count + m - 1;
                _members[m] = m == 0 ? velocities[active] : _draw.Velocities[slot];
                _masses[m] = _speciesMasses[_stratum.Species[slot]];
            }

            Begin(depth, count, active, order);
            if (sense < 0)
            {
                _adjunction.Measure(_members.AsSpan(0, order));
            }
            else
            {
                _adjunction.Draw(_members.AsSpan(0, order), _masses.AsSpan(0, order), _draw.Normals[depth], _draw.Rayleighs[depth]);
            }

            ReadOnlySpan<Vec3> after = sense < 0 ? _members : _adjunction.Collided;
            nextVelocities[active] = after[0];
            for (int m = 1; m < order; m++)
            {
                nextVelocities[count + m - 1] = after[m];
            }

            Descend(depth + 1, count + order - 1, weight * _adjunction.Spread, sense * sign);
        }
    }

    // The state before the step, with the new particles where the tracked one is.
    private void Begin(int depth, int count, int active, int order)
    {
        _velocities[depth].AsSpan(0, count).CopyTo(_velocities[depth + 1]);
        if (_hasPositions)
        {
            _positions[depth].AsSpan(0, count).CopyTo(_positions[depth + 1]);
            _positions[depth + 1].AsSpan(count, order - 1).Fill(_positions[depth][active]);
        }
    }

    private void End(int count, double weight, int sign)
    {
        Vec3[] velocities = _velocities[_stratum.Depth], positions = _positions[_stratum.Depth];
        if (_hasOneLaw)
        {
            for (int i = 0; i < count; i++)
            {
                weight *= _model.Initial[_stratum.Species[i]].Law(positions[i], velocities[i]);
            }
        }

        for (int j = 0; j < _shifts.Length; j++)
        {
            double shifted = weight;
            for (int i = 0; i < count && _hasPositions; i++)
            {
                InitialDensity density = _model.Initial[_stratum.Species[i]];
                Vec3 position = positions[i] + _shifts[j];
                shifted *= _hasOneLaw ? density.Relative(position) : density.At(position, velocities[i]);
            }

            _signed[j] += sign * shifted;
            _unsigned[j] += shifted;
        }
    }
}
