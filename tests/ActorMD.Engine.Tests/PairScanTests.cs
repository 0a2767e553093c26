using System.Runtime.Intrinsics;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;
using ActorMD.Physics;
using ActorMD.Physics.Laws;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Engine.Tests;

/// <summary>The vectorised scan against its scalar twin and against the law in ActorMD.Physics, bit for bit.</summary>
public unsafe class PairScanTests
{
    private const int SetCount = 20_000;
    private const int CandidatesMax = 21;

    [Fact]
    public void The_vectorised_scan_finds_the_same_contact_as_the_scalar_twin_and_as_the_law()
    {
        Gas gas = new(Box.Cube(10), [new Species("A", 1, 1), new Species("B", 2, 0.4), new Species("C", 2, 0.7)], []);
        using NativeArray<double> table = ContactTable.Create(gas);
        SpeciesTable sizes = SpeciesTable.Create(table.Pointer, 3);
        using NativeArray<Particle> particles = new(CandidatesMax + 1);
        using NativeArray<int> ids = new(CandidatesMax + 1);
        using NativeArray<int> entries = new(CandidatesMax + 4);
        CounterRandom random = new(17, RandomStream.Testing);
        int contacts = 0;
        for (int set = 0; set < SetCount; set++)
        {
            int count = Draw(particles.Pointer, ids.Pointer, entries.Pointer, ref random);
            TenthBoxes images = new();
            double vectorised = PairScan<SpeciesTable, TenthBoxes>.Earliest(
                particles.Pointer, 0, entries.Pointer, count, sizes, images, ids.Pointer, out int partner);
            double scalar = PairScan<SpeciesTable, TenthBoxes>.EarliestScalar(
                particles.Pointer, 0, entries.Pointer, count, sizes, images, ids.Pointer, out int scalarPartner);
            double law = Enumerable.Range(0, count).Min(k => ByLaw(gas, particles.Pointer, entries.Pointer[k]));
            Assert.Equal(scalar, vectorised);
            Assert.Equal(scalarPartner, partner);
            Assert.Equal(law, scalar);
            contacts += partner >= 0 ? 1 : 0;
        }

        Assert.InRange(contacts, SetCount / 10, SetCount - SetCount / 10);
    }

    [Fact]
    public void Of_two_contacts_at_the_same_time_the_lower_id_is_found()
    {
        Gas gas = new(Box.Cube(10), [new Species("A", 1, 1)], []);
        using NativeArray<double> table = ContactTable.Create(gas);
        EqualSpheres sizes = EqualSpheres.Create(table.Pointer, 1);
        using NativeArray<Particle> particles = new(8);
        using NativeArray<int> ids = new(8);
        using NativeArray<int> entries = new(16);
        // Particle 0 rests; the others come from all sides at equal distance and speed.
        (int X, int Y, int Z)[] sides = [(3, 0, 0), (-3, 0, 0), (0, 3, 0), (0, -3, 0), (0, 0, 3), (0, 0, -3)];
        int[] idsOfSides = [9, 4, 7, 2, 8, 5];
        for (int k = 0; k < sides.Length; k++)
        {
            particles.Pointer[1 + k] = new Particle
            {
                X = sides[k].X,
                Y = sides[k].Y,
                Z = sides[k].Z,
                VX = -sides[k].X,
                VY = -sides[k].Y,
                VZ = -sides[k].Z,
            };
            ids.Pointer[1 + k] = idsOfSides[k];
            entries.Pointer[k] = 1 + k;
        }

        PairScan<EqualSpheres, TenthBoxes>.Earliest(
            particles.Pointer, 0, entries.Pointer, sides.Length, sizes, new TenthBoxes(), ids.Pointer, out int partner);
        Assert.Equal(2, ids.Pointer[partner]);
    }

    private static int Draw(Particle* particles, int* ids, int* entries, ref CounterRandom random)
    {
        int count = 1 + random.NextInteger(CandidatesMax);
        for (int slot = 0; slot <= count; slot++)
        {
            Vec3 velocity = random.NextNormalVector(3);
            particles[slot] = new Particle
            {
                X = 4 * random.NextUniform(),
                Y = 4 * random.NextUniform(),
                Z = 4 * random.NextUniform(),
                Time = 0.3 * random.NextUniform(),
                VX = velocity.X,
                VY = velocity.Y,
                VZ = velocity.Z,
                Kind = random.NextInteger(3),
            };
            ids[slot] = 100 - slot;
        }

        for (int k = 0; k < count; k++)
        {
            entries[k] = random.NextInteger(4) == 0 ? (1 + k) | Candidate.ShiftedFlag : 1 + k;
        }

        return count;
    }

    private static double ByLaw(Gas gas, Particle* particles, int entry)
    {
        Particle* a = particles;
        Particle* b = particles + (entry & Candidate.SlotMask);
        new TenthBoxes().Shift(0, entry, out double x, out double y, out double z);
        Vec3 shift = entry < 0 ? new Vec3(x, y, z) : Vec3.Zero;
        double distance = gas.ContactDistance(a->Kind, b->Kind);
        return PairEvent.Time(StateOf(a), StateOf(b), shift, distance * distance);
    }

    private static ParticleState StateOf(Particle* p) => new()
    {
        Position = new Vec3(p->X, p->Y, p->Z),
        Velocity = new Vec3(p->VX, p->VY, p->VZ),
        Time = p->Time,
        Kind = p->Kind,
    };

    /// <summary>Shifts that depend on the slot only.</summary>
    private readonly struct TenthBoxes : IImageShifts
    {
        public void Shift(int index, int entry, out double x, out double y, out double z)
        {
            int slot = entry & Candidate.SlotMask;
            x = 0.1 * (slot % 3 - 1);
            y = 0.2 * (slot % 5 - 2);
            z = -0.3 * (slot % 2);
        }

        public void AddFour(
            int index, Vector128<int> entries, ref Vector256<double> x, ref Vector256<double> y, ref Vector256<double> z)
        {
            for (int lane = 0; lane < 4; lane++)
            {
                if (entries[lane] < 0)
                {
                    Shift(index + lane, entries[lane], out double sx, out double sy, out double sz);
                    x = x.WithElement(lane, x[lane] + sx);
                    y = y.WithElement(lane, y[lane] + sy);
                    z = z.WithElement(lane, z[lane] + sz);
                }
            }
        }
    }
}
