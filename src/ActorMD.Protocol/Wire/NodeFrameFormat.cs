using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Protocol;

/// <summary>
/// Frames as bytes: a MessagePack array [version, kind, fields], after <see cref="NodeFrame.Deliver"/>'s followed by the message in the
/// protocol's <see cref="WireFormat"/>.
/// </summary>
public static class NodeFrameFormat
{
    /// <summary>Raised with every change.</summary>
    public const int Version = 1;

    /// <summary>Largest frame, bytes: longer ones are refused on both sides. A load of 10^7 particles fits.</summary>
    public const int LengthMax = 1 << 30;

    private const int TextLengthMax = 4096;
    private const int NodesMax = 1 << 16;
    private const int SpeciesMax = 1 << 12;
    private const int OrdersMax = GasValidation.OrderLimit;

    // Kinds on the wire: never renumber.
    private enum Kind
    {
        Deliver = 1,
        Place = 2,
        Placed = 3,
        Refused = 4,
        Status = 5,
        Failed = 6,
        Dismiss = 7,
    }

    /// <summary>The bytes of a frame.</summary>
    /// <exception cref="WireException">There would be too many.</exception>
    public static ReadOnlyMemory<byte> Encode(NodeFrame frame)
    {
        FrameWriter output = frame is NodeFrame.Deliver { Message: { } message } ? FrameWriter.For(message) : new FrameWriter(256);
        MessagePackWriter writer = new(output);
        switch (frame)
        {
            case NodeFrame.Deliver f:
                Begin(writer, Kind.Deliver, 3);
                writer.Write(f.Session);
                writer.Write((int)f.To.Role);
                writer.Write(f.To.Index);
                WireFormat.Encode(f.Message, output);
                break;
            case NodeFrame.Place f:
                Begin(writer, Kind.Place, 8);
                writer.Write(f.Session);
                writer.Write(f.Number);
                writer.Write(f.Version);
                writer.Write(f.Run);
                writer.Write(f.Folder);
                Write(writer, f.Gas);
                writer.WriteArrayHeader(f.Nodes.Length);
                foreach (NodeId node in f.Nodes)
                {
                    writer.Write(node.Name);
                }

                writer.WriteArrayHeader(f.NodeOfDomain.Length);
                foreach (int node in f.NodeOfDomain)
                {
                    writer.Write(node);
                }

                break;
            case NodeFrame.Placed f:
                Begin(writer, Kind.Placed, 2);
                writer.Write(f.Session);
                writer.Write(f.Number);
                break;
            case NodeFrame.Refused f:
                Begin(writer, Kind.Refused, 2);
                writer.Write(f.Session);
                writer.Write(Shortened(f.Reason));
                break;
            case NodeFrame.Status f:
                Begin(writer, Kind.Status, 4);
                writer.Write(f.Session);
                writer.Write(f.CrossingCount);
                writer.Write(f.CpuSeconds);
                writer.Write(f.PeakRssBytes);
                break;
            case NodeFrame.Failed f:
                Begin(writer, Kind.Failed, 2);
                writer.Write(f.Session);
                writer.Write(Shortened(f.Reason));
                break;
            case NodeFrame.Dismiss f:
                Begin(writer, Kind.Dismiss, 1);
                writer.Write(f.Session);
                break;
            default:
                throw new ArgumentException($"no form for {frame.GetType().Name}", nameof(frame));
        }

        return output.Written;
    }

    /// <summary>Reads one frame that fills all of the bytes.</summary>
    /// <exception cref="WireException">The bytes are no frame of this version.</exception>
    public static NodeFrame Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LengthMax)
        {
            throw WireException.OutOfRange(0, "the length of a frame", bytes.Length, 0, LengthMax);
        }

        MessagePackReader reader = new(bytes);
        int count = reader.ReadArrayHeader();
        long version = reader.ReadInt64();
        if (version != Version)
        {
            throw WireException.Version(version, Version);
        }

        Kind kind = (Kind)reader.ReadInt32();
        int fieldCount = kind switch
        {
            Kind.Deliver => 3,
            Kind.Place => 8,
            Kind.Placed or Kind.Refused or Kind.Failed => 2,
            Kind.Status => 4,
            Kind.Dismiss => 1,
            _ => throw WireException.Kind((long)kind),
        };
        Check(ref reader, "the number of values", count, 2 + fieldCount, 2 + fieldCount);
        long session = reader.ReadInt64();
        NodeFrame frame = kind switch
        {
            Kind.Deliver => ReadDeliver(ref reader, session, bytes),
            Kind.Place => ReadPlace(ref reader, session),
            Kind.Placed => new NodeFrame.Placed(session, reader.ReadInt32()),
            Kind.Refused => new NodeFrame.Refused(session, reader.TryReadNil() ? null : ReadText(ref reader)),
            Kind.Status => new NodeFrame.Status(session, reader.ReadInt64(), reader.ReadDouble(), reader.ReadInt64()),
            Kind.Failed => new NodeFrame.Failed(session, ReadText(ref reader)),
            _ => new NodeFrame.Dismiss(session),
        };
        return kind == Kind.Deliver || reader.End ? frame : throw WireException.Remainder(reader.Consumed, bytes.Length);
    }

    private static void Begin(MessagePackWriter writer, Kind kind, int fieldCount)
    {
        writer.WriteArrayHeader(2 + fieldCount);
        writer.Write(Version);
        writer.Write((int)kind);
    }

    private static string? Shortened(string? text) => text is null || text.Length <= TextLengthMax ? text : text[..TextLengthMax];

    private static void Write(MessagePackWriter writer, Gas gas)
    {
        writer.WriteArrayHeader(9);
        writer.Write(gas.Dimension);
        for (int axis = 0; axis < 3; axis++)
        {
            writer.Write(gas.Box.Lengths[axis]);
        }

        for (int axis = 0; axis < 3; axis++)
        {
            writer.Write((int)gas.Box.BoundaryOf(axis));
        }

        writer.WriteArrayHeader(gas.Species.Length);
        foreach (Species species in gas.Species)
        {
            writer.WriteArrayHeader(3);
            writer.Write(species.Name);
            writer.Write(species.Mass);
            writer.Write(species.Diameter);
        }

        writer.WriteArrayHeader(gas.Zones.Length);
        foreach (Zone zone in gas.Zones)
        {
            writer.WriteArrayHeader(2);
            writer.Write(zone.Order);
            writer.Write(zone.Distance);
        }
    }

    private static NodeFrame.Deliver ReadDeliver(ref MessagePackReader reader, long session, ReadOnlySpan<byte> bytes)
    {
        int role = ReadWithin(ref reader, "a role", 0, (int)ActorRole.Domain);
        int index = ReadWithin(ref reader, "a domain", 0, int.MaxValue);
        return new NodeFrame.Deliver(session, new ActorAddress((ActorRole)role, index), WireFormat.Decode(bytes[reader.Consumed..]));
    }

    private static NodeFrame.Place ReadPlace(ref MessagePackReader reader, long session)
    {
        int number = reader.ReadInt32();
        string version = ReadText(ref reader), run = ReadText(ref reader), folder = ReadText(ref reader);
        Gas gas = ReadGas(ref reader);
        var nodes = ImmutableArray.CreateBuilder<NodeId>();
        for (int left = ReadCount(ref reader, "the number of nodes", 1, NodesMax); left > 0; left--)
        {
            nodes.Add(new NodeId(ReadText(ref reader)));
        }

        var places = ImmutableArray.CreateBuilder<int>();
        for (int left = reader.ReadArrayHeader(); left > 0; left--)
        {
            places.Add(ReadWithin(ref reader, "a node", 0, nodes.Count - 1));
        }

        return new NodeFrame.Place(session, number, version, run, folder, gas, nodes.ToImmutable(), places.ToImmutable());
    }

    private static Gas ReadGas(ref MessagePackReader reader)
    {
        ReadCount(ref reader, "the length of a gas", 9, 9);
        int dimension = ReadWithin(ref reader, "a dimension", 2, 3);
        Vec3 lengths = new(ReadLength(ref reader), ReadLength(ref reader), ReadLength(ref reader));
        Boundary x = ReadBoundary(ref reader), y = ReadBoundary(ref reader), z = ReadBoundary(ref reader);
        var species = ImmutableArray.CreateBuilder<Species>();
        for (int left = ReadCount(ref reader, "the number of species", 1, SpeciesMax); left > 0; left--)
        {
            ReadCount(ref reader, "the length of a species", 3, 3);
            species.Add(new Species(ReadText(ref reader), ReadLength(ref reader), ReadLength(ref reader)));
        }

        var zones = ImmutableArray.CreateBuilder<Zone>();
        for (int left = ReadCount(ref reader, "the number of zones", 0, OrdersMax); left > 0; left--)
        {
            ReadCount(ref reader, "the length of a zone", 2, 2);
            zones.Add(new Zone(ReadWithin(ref reader, "an order", 3, OrdersMax), ReadLength(ref reader)));
        }

        return new Gas(new Box(dimension, lengths, x, y, z), species.ToImmutable(), zones.ToImmutable());
    }

    private static Boundary ReadBoundary(ref MessagePackReader reader) =>
        (Boundary)ReadWithin(ref reader, "a boundary", 0, (int)Boundary.Open);

    // The third length of a box in two dimensions is 0.
    private static double ReadLength(ref MessagePackReader reader)
    {
        double value = reader.ReadDouble();
        return value >= 0 && double.IsFinite(value) ? value : throw WireException.Inconsistent("a length or mass is negative or no number");
    }

    private static string ReadText(ref MessagePackReader reader)
    {
        string text = reader.ReadString() ?? throw WireException.Inconsistent("a text is missing");
        Check(ref reader, "the length of a text", text.Length, 0, TextLengthMax);
        return text;
    }

    private static int ReadCount(ref MessagePackReader reader, string what, int least, int most)
    {
        int count = reader.ReadArrayHeader();
        Check(ref reader, what, count, least, most);
        return count;
    }

    private static int ReadWithin(ref MessagePackReader reader, string what, int least, int most)
    {
        int value = reader.ReadInt32();
        Check(ref reader, what, value, least, most);
        return value;
    }

    private static void Check(ref MessagePackReader reader, string what, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            throw WireException.OutOfRange(reader.Consumed, what, value, least, most);
        }
    }
}
