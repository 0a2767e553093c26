using System.Numerics;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Slices.Lattice;

namespace ActorMD.Engine.Slices.LargeSpecies;

/// <summary>Small particles around a large one among flights on a lattice (<see cref="LatticeFlight"/>).</summary>
/// <remarks>
/// Coordinates are modulo eight cells: they are read as differences to the middle of four cells. A record's position in the middle of the
/// slice is less than one and a half cells out of its cell. Two particles meet only if their distance in the middle of the slice is no
/// more than their contact distance and their flights in half of it; a part of a split flight says where its own middle is, and how far
/// it reaches from there, which comes to the same. Of whole flights it is also known how close they come, and when.
/// Errors: a position is off by one step along each axis, and so is a flight; with single precision that makes less than _rounding in a
/// distance, and in r.g less than 6 sqrt(2 (r^2 + g^2)) steps (as in the search of small ones for each other).
/// </remarks>
internal sealed unsafe class SmallFlightSearch(GridAxes axes, FlightRecords records, int* starts) : SmallSearch
{
    private const int Lanes = 8;
    private const int CellsTogether = 4;
    private const float RoundingSteps = 4; // of a position and a flight, each rounded along three axes
    private const float SlopeSteps = 8, SquaresError = 1f / (1 << 18), Tiny = 1e-30f;

    private readonly float _rounding = RoundingSteps * Math.Max(axes.StepLength[0], Math.Max(axes.StepLength[1], axes.StepLength[2]));

    public override void Find(CellBall ball, in LargeFlight large)
    {
        Count = 0;
        for (CellStretch* stretch = ball.Stretches, end = stretch + ball.Count; stretch < end; stretch++)
        {
            for (int from = 0; from < stretch->Cells; from += CellsTogether)
            {
                int cell = stretch->First + from, cells = Math.Min(CellsTogether, stretch->Cells - from);
                if (starts[cell] < starts[cell + cells])
                {
                    FindIn(
                        starts[cell], starts[cell + cells], Looker.At(axes, *stretch, stretch->Z + from + 0.5f * cells, large, _rounding),
                        large);
                }
            }

            if (records.HasLinked)
            {
                FindLinked(stretch, large);
            }
        }
    }

    private void FindLinked(CellStretch* stretch, in LargeFlight large)
    {
        int* heads = records.Heads + stretch->First;
        for (int k = 0; k < stretch->Cells; k += Lanes)
        {
            uint used = ~Vector256.Load(heads + k).ExtractMostSignificantBits() & (uint)((1L << Math.Min(Lanes, stretch->Cells - k)) - 1);
            for (; used != 0; used &= used - 1)
            {
                int number = k + BitOperations.TrailingZeroCount(used);
                Looker looker = Looker.At(axes, *stretch, stretch->Z + number + 0.5f, large, _rounding);
                for (int record = heads[number]; record >= 0; record = records.NextOf(record))
                {
                    FindIn(record, record + 1, looker, large);
                }
            }
        }
    }

    private void FindIn(int from, int to, in Looker own, in LargeFlight large)
    {
        int* found = Reserve(to - from);
        int count = Count;
        for (int record = from; record < to; record += Lanes)
        {
            Vector256<float> x = Vector256.ConvertToSingle(Offset(records.X + record, own.MiddleX)) * own.StepX + Vector256.Create(own.X);
            Vector256<float> y = Vector256.ConvertToSingle(Offset(records.Y + record, own.MiddleY)) * own.StepY + Vector256.Create(own.Y);
            Vector256<float> z = Vector256.ConvertToSingle(Offset(records.Z + record, own.MiddleZ)) * own.StepZ + Vector256.Create(own.Z);
            Vector256<float> u = Vector256.ConvertToSingle(Widen(records.U + record)) * own.StepX;
            Vector256<float> v = Vector256.ConvertToSingle(Widen(records.V + record)) * own.StepY;
            Vector256<float> w = Vector256.ConvertToSingle(Widen(records.W + record)) * own.StepZ;
            Vector256<float> reach = Vector256.Sqrt(u * u + v * v + w * w) + Vector256.Create(own.Reach);
            uint near = Vector256.LessThanOrEqual(x * x + y * y + z * z, reach * reach).ExtractMostSignificantBits();
            near &= (uint)((1L << Math.Min(Lanes, to - record)) - 1);
            if (near != 0 && own.KnowsAll)
            {
                near &= Meets(x, y, z, u, v, w, large) | SplitAt(record);
            }

            for (; near != 0; near &= near - 1)
            {
                int slot = records.Slot[record + BitOperations.TrailingZeroCount(near)];
                found[count] = slot & FlightRecords.SlotMask;
                count += slot >= 0 ? 1 : 0; // else the record was removed
            }
        }

        Count = count;
    }

    // The closest approach of whole flights from a moment to the end of the slice: |r + tau g|^2 is smallest at -r.g/g^2, or at an end.
    private uint Meets(
        Vector256<float> x, Vector256<float> y, Vector256<float> z, Vector256<float> u, Vector256<float> v, Vector256<float> w,
        in LargeFlight large)
    {
        u -= Vector256.Create(large.U);
        v -= Vector256.Create(large.V);
        w -= Vector256.Create(large.W);
        float reach = large.Contact + _rounding, slope = SlopeSteps / RoundingSteps * _rounding + 2 * large.Error;
        Vector256<float> from = Vector256.Create(large.From), rr = x * x + y * y + z * z,
            gg = u * u + v * v + w * w + Vector256.Create(Tiny);
        Vector256<float> b = x * u + y * v + z * w, squares = rr + gg, rounding = squares * SquaresError;
        Vector256<float> tau = Vector256.Min(Vector256.Max(-b / gg, from), Vector256<float>.One);
        Vector256<float> squared = tau * (tau * gg + b + b) + rr;
        Vector256<float> recedes = Vector256.GreaterThan(from * gg + b, rounding + (squares * 0.5f + Vector256<float>.One) * slope);
        return ~(recedes | Vector256.GreaterThan(squared, rounding + Vector256.Create(reach * reach))).ExtractMostSignificantBits();
    }

    // One bit for each part of a split flight: its numbers say nothing about how it moves.
    private uint SplitAt(int record) => (Vector256.Load(records.Slot + record) << 1).ExtractMostSignificantBits();

    private static Vector256<int> Offset(short* numbers, Vector128<short> middle) =>
        Vector256.WidenLower((Vector128.Load(numbers) - middle).ToVector256Unsafe());

    private static Vector256<int> Widen(short* numbers) => Vector256.WidenLower(Vector128.Load(numbers).ToVector256Unsafe());

    /// <summary>The large particle as it is seen from some cells.</summary>
    private readonly struct Looker
    {
        public Vector128<short> MiddleX { get; private init; }

        public Vector128<short> MiddleY { get; private init; }

        public Vector128<short> MiddleZ { get; private init; }

        /// <summary>From the large particle to the middle.</summary>
        public float X { get; private init; }

        public float Y { get; private init; }

        public float Z { get; private init; }

        public float StepX { get; private init; }

        public float StepY { get; private init; }

        public float StepZ { get; private init; }

        public float Reach { get; private init; }

        /// <summary>Whether positions are known along all axes.</summary>
        public bool KnowsAll { get; private init; }

        /// <param name="axes">The grid.</param>
        /// <param name="stretch">Cells.</param>
        /// <param name="middle">Middle of some of them along the row, in cells.</param>
        /// <param name="large">The particle.</param>
        /// <param name="rounding">Of records.</param>
        public static Looker At(in GridAxes axes, in CellStretch stretch, float middle, in LargeFlight large, float rounding)
        {
            float x = stretch.X + 0.5f, y = stretch.Y + 0.5f;
            bool knowsX = IsInside(axes.First, x), knowsY = IsInside(axes.Second, y), knowsZ = IsInside(axes.Third, middle);
            return new Looker
            {
                MiddleX = Steps(x),
                MiddleY = Steps(y),
                MiddleZ = Steps(middle),
                X = knowsX ? x / axes.First.PerUnit + stretch.ShiftX - large.X : 0,
                Y = knowsY ? y / axes.Second.PerUnit + stretch.ShiftY - large.Y : 0,
                Z = knowsZ ? middle / axes.Third.PerUnit + stretch.ShiftZ - large.Z : 0,
                StepX = knowsX ? axes.StepLength[0] : 0,
                StepY = knowsY ? axes.StepLength[1] : 0,
                StepZ = knowsZ ? axes.StepLength[2] : 0,
                Reach = large.Reach + rounding,
                KnowsAll = (knowsX || axes.IsPlanar) && knowsY && knowsZ,
            };
        }

        // The outermost cells of an axis that is not periodic reach to infinity: there a position is not known from its cell.
        private static bool IsInside(in GridAxis axis, float cells) =>
            axis.IsPeriodic || (cells > 0.5f * CellsTogether + 1 && cells < axis.Count - 0.5f * CellsTogether - 1);

        private static Vector128<short> Steps(float cells) => Vector128.Create(unchecked((short)(int)(cells * LatticeFlight.CellSteps)));
    }
}
