using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ActorMD.Physics;

/// <summary>The fingerprint of a final state: equal digests mean equal trajectories, bit for bit.</summary>
/// <remarks>
/// SHA-256 over little-endian records in id order: id (int32), kind (int32), position (3 doubles, wrapped), velocity
/// (3 doubles), time of the last event (double, offset from the start of the current epoch), images (3 int32) as of that
/// event. Minus zero counts as zero.
/// </remarks>
public static class StateDigest
{
    private const int RecordSize = 4 + 4 + 7 * 8 + 3 * 4;

    /// <summary>The digest as <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    public static string Of(SystemState state)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[RecordSize * 1024];
        int used = 0;
        for (int id = 0; id < state.Particles.Length; id++)
        {
            Write(buffer.AsSpan(used, RecordSize), id, state.Particles[id]);
            used += RecordSize;
            if (used == buffer.Length)
            {
                hash.AppendData(buffer);
                used = 0;
            }
        }

        hash.AppendData(buffer, 0, used);
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Write(Span<byte> record, int id, in ParticleState p)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record, id);
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], p.Kind);
        ReadOnlySpan<double> numbers =
            [p.Position.X, p.Position.Y, p.Position.Z, p.Velocity.X, p.Velocity.Y, p.Velocity.Z, p.Time];
        for (int i = 0; i < numbers.Length; i++)
        {
            double value = numbers[i] == 0 ? 0.0 : numbers[i];
            BinaryPrimitives.WriteDoubleLittleEndian(record[(8 + 8 * i)..], value);
        }

        BinaryPrimitives.WriteInt32LittleEndian(record[64..], p.Image.X);
        BinaryPrimitives.WriteInt32LittleEndian(record[68..], p.Image.Y);
        BinaryPrimitives.WriteInt32LittleEndian(record[72..], p.Image.Z);
    }
}
