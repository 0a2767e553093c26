using System.Buffers;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using MessagePack;

namespace ActorMD.Actors.Serialization;

/// <summary>
/// Akka's serializer of the one message that gateways send each other over Akka.Remote: a MessagePack array [number of the process, port,
/// answer].
/// </summary>
/// <remarks>Everything else between nodes goes over the data connections. No name of a type on the wire is acted on.</remarks>
internal sealed class ClusterSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string DataPortManifest = "data-port";

    public override int Identifier => 7302;

    /// <summary>
    /// This serializer, and refusal in place of those of Akka's that would make an object of any type that the wire names.
    /// </summary>
    public static SerializationSetup Setup { get; } = SerializationSetup.Create(system =>
    [
        SerializerDetails.Create("actormd", new ClusterSerializer(system), [typeof(DataPort)]),
        SerializerDetails.Create("json", new RefusingSerializer(system, 1), []),
        SerializerDetails.Create("proto", new RefusingSerializer(system, 2), []),
        SerializerDetails.Create("daemon-create", new RefusingSerializer(system, 3), []),
    ]);

    public override string Manifest(object o) => DataPortManifest;

    public override byte[] ToBinary(object obj)
    {
        DataPort port = (DataPort)obj;
        ArrayBufferWriter<byte> output = new();
        MessagePackWriter writer = new(output);
        writer.WriteArrayHeader(3);
        writer.Write(port.From);
        writer.Write(port.Port);
        writer.Write(port.IsAnswer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            MessagePackReader reader = new(bytes);
            if (manifest == DataPortManifest && reader.ReadArrayHeader() == 3)
            {
                DataPort port = new(reader.ReadInt32(), reader.ReadUInt16(), reader.ReadBoolean());
                if (reader.End)
                {
                    return port;
                }
            }
        }
        catch (Exception error) when (error is MessagePackSerializationException or EndOfStreamException or OverflowException)
        {
            throw new SerializationException("refused bytes that are no message of a gateway", error);
        }

        throw new SerializationException("refused bytes that are no message of a gateway");
    }
}

/// <summary>Gateway to gateway: data connections of this process are listened for at this port of its address.</summary>
/// <param name="From">The number by which the cluster tells processes at one address apart.</param>
/// <param name="Port">A TCP port.</param>
/// <param name="IsAnswer">Whether it answers one; otherwise an answer is wanted.</param>
internal sealed record DataPort(int From, int Port, bool IsAnswer);
