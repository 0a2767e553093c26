using System.Numerics;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Slices.Lists;

namespace ActorMD.Engine.Slices.LargeSpecies;

/// <summary>Small particles around a large one among Verlet spheres (<see cref="SphereRecords"/>), in which their flights stay.</summary>
internal sealed unsafe class SmallSphereSearch(SphereRecords records, int* starts) : SmallSearch
{
    private const int Lanes = SphereRecords.Lanes;

    public override void Find(CellBall ball, in LargeFlight large)
    {
        Count = 0;
        for (CellStretch* stretch = ball.Stretches, end = stretch + ball.Count; stretch < end; stretch++)
        {
            float x = large.RestX - stretch->ShiftX, y = large.RestY - stretch->ShiftY, z = large.RestZ - stretch->ShiftZ;
            FindIn(starts[stretch->First], starts[stretch->First + stretch->Cells], x, y, z, large.RestReach);
            if (records.HasLinked)
            {
                for (int cell = stretch->First; cell < stretch->First + stretch->Cells; cell++)
                {
                    for (int record = records.Heads[cell]; record >= 0; record = records.NextOf(record))
                    {
                        FindIn(record, record + 1, x, y, z, large.RestReach);
                    }
                }
            }
        }
    }

    private void FindIn(int from, int to, float x, float y, float z, float radius)
    {
        int* found = Reserve(to - from);
        int count = Count;
        for (int record = from; record < to; record += Lanes)
        {
            Vector256<float> dx = Vector256.Load(records.X + record) - Vector256.Create(x);
            Vector256<float> dy = Vector256.Load(records.Y + record) - Vector256.Create(y);
            Vector256<float> dz = Vector256.Load(records.Z + record) - Vector256.Create(z);
            Vector256<float> reach = Vector256.Load(records.R + record) + Vector256.Create(radius);
            uint near = Vector256.LessThanOrEqual(dx * dx + dy * dy + dz * dz, reach * reach).ExtractMostSignificantBits();
            near &= (uint)((1L << Math.Min(Lanes, to - record)) - 1);
            for (; near != 0; near &= near - 1)
            {
                found[count++] = records.SlotAt(record + BitOperations.TrailingZeroCount(near));
            }
        }

        Count = count;
    }
}
