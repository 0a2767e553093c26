using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>The random numbers of one tree, the same for all its signs.</summary>
/// <remarks>
/// Both signs on the same draws: where gain and loss nearly cancel, their difference has a small variance. One random sign per step costs
/// 33 times as many trees for k = 1.
/// </remarks>
internal sealed class TreeDraw
{
    private readonly SeriesModel _model;

    public TreeDraw(SeriesModel model, int depthMax)
    {
        _model = model;
        int orderMax = model.Additions.IsEmpty ? 2 : model.Additions.Max(a => a.Order);
        ParticleMax = model.Tracked.Length + depthMax * (orderMax - 1);
        OrderMax = orderMax;
        Times = new double[depthMax + 2];
        Chosen = new int[depthMax, orderMax];
        Normals = new Vec3[depthMax][];
        for (int step = 0; step < depthMax; step++)
        {
            Normals[step] = new Vec3[orderMax];
        }

        Rayleighs = new double[depthMax];
        Positions = new Vec3[model.Tracked.Length];
        Velocities = new Vec3[ParticleMax];
    }

    public int ParticleMax { get; }

    public int OrderMax { get; }

    /// <summary>t = t_0 &gt; t_1 &gt; ... &gt; t_k &gt; t_(k+1) = 0.</summary>
    public double[] Times { get; }

    /// <summary>Which particles are the tracked members of each step.</summary>
    public int[,] Chosen { get; }

    /// <summary>Standard normal vectors of each step, one for each member.</summary>
    public Vec3[][] Normals { get; }

    /// <summary>Length of a normal vector of the plane, one for each step.</summary>
    public double[] Rayleighs { get; }

    /// <summary>Of the tracked particles at time t, uniform in the box.</summary>
    public Vec3[] Positions { get; }

    /// <summary>Of the tracked particles at time t, and of the others as they are added.</summary>
    public Vec3[] Velocities { get; }

    /// <summary>t^k/k! times the factors of the steps, over the density of the velocities' draws.</summary>
    public double Weight { get; private set; }

    /// <summary>sum M v^2 over all particles: collisions keep it.</summary>
    public double Energy { get; private set; }

    /// <summary>The smallest t_i - t_(i+1).</summary>
    public double Gap { get; private set; }

    public void Draw(TreeStratum stratum, double time, ref StreamRandom random)
    {
        Gas gas = _model.Gas;
        int depth = stratum.Depth;
        DrawTimes(depth, time, ref random);
        double weight = 1, density = 1, energy = 0;
        for (int i = 0; i < Positions.Length; i++)
        {
            Positions[i] = _model.NeedsNoPositions ? Vec3.Zero : Uniform(gas.Box, ref random);
        }

        for (int i = 0; i < stratum.Species.Length; i++)
        {
            int species = stratum.Species[i];
            Vec3 velocity = _model.Proposals[species].Draw(ref random);
            Velocities[i] = velocity;
            density *= _model.Proposals[species].Density(velocity);
            energy += gas.Species[species].Mass * velocity.LengthSquared;
        }

        for (int step = 0; step < depth; step++)
        {
            TreeStep one = stratum.Steps[step];
            weight *= one.Factor * time / (step + 1);
            Choose(one, step, ref random);
            for (int m = 0; m < one.Addition.Order; m++)
            {
                Normals[step][m] = random.NextNormalVector(gas.Dimension);
            }

            Rayleighs[step] = random.NextRayleigh();
        }

        Weight = weight / density;
        Energy = energy;
    }

    /// <summary>A position of the box.</summary>
    public static Vec3 Uniform(Box box, ref StreamRandom random)
    {
        double x = random.NextUniform() * box.Lengths.X, y = random.NextUniform() * box.Lengths.Y;
        return new Vec3(x, y, box.Dimension == 3 ? random.NextUniform() * box.Lengths.Z : 0);
    }

    private void DrawTimes(int depth, double time, ref StreamRandom random)
    {
        Times[0] = time;
        Times[depth + 1] = 0;
        for (int drawn = 1; drawn <= depth; drawn++)
        {
            double value = time * random.NextUniform();
            int at = drawn;
            for (; at > 1 && Times[at - 1] < value; at--)
            {
                Times[at] = Times[at - 1];
            }

            Times[at] = value;
        }

        Gap = double.PositiveInfinity;
        for (int i = 0; i <= depth && depth > 0; i++)
        {
            Gap = Math.Min(Gap, Times[i] - Times[i + 1]);
        }
    }

    // Distinct particles of the species of the tracked members, every set alike.
    private void Choose(TreeStep step, int number, ref StreamRandom random)
    {
        for (int m = 0; m < step.Candidates.Length; m++)
        {
            bool isNew;
            do
            {
                Chosen[number, m] = step.Candidates[m][random.NextInteger(step.Candidates[m].Length)];
                isNew = true;
                for (int other = 0; other < m; other++)
                {
                    isNew &= Chosen[number, other] != Chosen[number, m];
                }
            }
            while (!isNew);
        }
    }
}
