using System.Security.Cryptography;
using System.Text;
using ActorMD.Files.Inputs;
using ActorMD.Files.Whole;
using ActorMD.Runs;

namespace ActorMD.Studies.Hierarchy;

/// <summary>Keeps the blocks that are done in the run folder, so that an interrupted session goes on where it was.</summary>
internal sealed class BlockStore
{
    private const string Magic = "actormd-blocks/1";

    private readonly string _path;
    private readonly string _fingerprint;

    /// <param name="path">Of the checkpoint.</param>
    /// <param name="key">Of the case and the command: blocks of another one are not used.</param>
    public BlockStore(string path, string key)
    {
        _path = path;
        _fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{ProductVersion.Text}\n{key}")));
    }

    /// <summary>Fills in the blocks that are stored.</summary>
    /// <exception cref="InputFaultException">The checkpoint is damaged or of another case.</exception>
    public void Read(IReadOnlyDictionary<string, double[]?[]> blocks)
    {
        byte[] bytes = File.ReadAllBytes(_path);
        if (bytes.Length < SHA256.HashSizeInBytes
            || !SHA256.HashData(bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes)).AsSpan()
                .SequenceEqual(bytes.AsSpan(bytes.Length - SHA256.HashSizeInBytes)))
        {
            throw Fault("the checkpoint is damaged");
        }

        using BinaryReader reader = new(new MemoryStream(bytes));
        if (reader.ReadString() != Magic || reader.ReadString() != _fingerprint)
        {
            throw Fault("the checkpoint belongs to another case, another command or another version");
        }

        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            double[]?[] work = blocks[reader.ReadString()];
            int number = reader.ReadInt32();
            double[] sums = new double[reader.ReadInt32()];
            for (int n = 0; n < sums.Length; n++)
            {
                sums[n] = reader.ReadDouble();
            }

            work[number] = sums;
        }
    }

    /// <summary>Writes all blocks that are done, in one step.</summary>
    public void Write(IReadOnlyDictionary<string, double[]?[]> blocks)
    {
        using MemoryStream memory = new();
        using (BinaryWriter writer = new(memory, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(_fingerprint);
            (string Name, int Number, double[] Sums)[] done =
            [
                .. from work in blocks
                   from number in Enumerable.Range(0, work.Value.Length)
                   let sums = work.Value[number]
                   where sums is not null
                   select (work.Key, number, sums),
            ];
            writer.Write(done.Length);
            foreach ((string name, int number, double[] sums) in done)
            {
                writer.Write(name);
                writer.Write(number);
                writer.Write(sums.Length);
                foreach (double sum in sums)
                {
                    writer.Write(sum);
                }
            }
        }

        byte[] content = memory.ToArray();
        WholeFile.Write(_path, toDisk: true, write: stream =>
        {
            stream.Write(content);
            stream.Write(SHA256.HashData(content));
        });
    }

    private InputFaultException Fault(string problem) => new(new InputFault(_path, null, null, problem, "start again with --force"));
}
