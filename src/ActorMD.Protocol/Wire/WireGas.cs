using System.Collections.Immutable;
using ActorMD.Physics;
using MessagePack;

namespace ActorMD.Protocol.Wire;

/// <summary>A gas: dimension, three lengths and three boundaries of the box, species with their distributions of sizes, zones.</summary>
internal static class WireGas
{
    private const int SpeciesMax = 1 << 12, SizeNumbersMax = 1 << 27;
    private const int NoSizes = -1;

    public static void Write(this ref MessagePackWriter writer, Gas gas)
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

        writer.WriteList(gas.Species, static (ref w, species) =>
        {
            w.WriteArrayHeader(8);
            w.Write(species.Name);
            w.Write(species.Mass);
            w.Write(species.Diameter);
            w.Write(species.Sizes is { } sizes ? (int)sizes.Form : NoSizes);
            w.Write(species.Sizes?.Mass ?? 0);
            w.Write(species.Sizes?.MassPower ?? 0);
            w.Write(species.Sizes?.Count ?? 0);
            w.WriteList(species.Sizes?.Numbers ?? [], static (ref w, number) => w.Write(number));
        });
        writer.WriteList(gas.Zones, static (ref w, zone) =>
        {
            w.WriteArrayHeader(2);
            w.Write(zone.Order);
            w.Write(zone.Distance);
        });
    }

    public static Gas ReadGas(this ref MessagePackReader reader) => reader.ReadArray("the length of a gas", 9, static (ref r) => new Gas(
        new Box(
            r.ReadWithin("a dimension", 2, 3), new Vec3(r.ReadLength(), r.ReadLength(), r.ReadLength()), r.ReadBoundary(),
            r.ReadBoundary(), r.ReadBoundary()),
        r.ReadList("the number of species", 1, SpeciesMax, static (ref r) => r.ReadArray(
            "the length of a species", 8, static (ref r) => r.ReadSpecies())),
        r.ReadList("the number of zones", 0, GasValidation.OrderLimit, static (ref r) => r.ReadArray(
            "the length of a zone", 2, static (ref r) => new Zone(
                r.ReadWithin("an order", 3, GasValidation.OrderLimit), r.ReadLength())))));

    private static Boundary ReadBoundary(this ref MessagePackReader reader) =>
        (Boundary)reader.ReadWithin("a boundary", 0, (int)Boundary.Open);

    // The sizes themselves are not sent: every process computes them from their distribution.
    private static Species ReadSpecies(this ref MessagePackReader reader)
    {
        Species species = new(reader.ReadText(), reader.ReadLength(), reader.ReadLength());
        int form = reader.ReadWithin("a form of a distribution", NoSizes, (int)SizeForm.Values);
        double mass = reader.ReadLength(), massPower = reader.ReadNumber();
        int count = reader.ReadWithin("the number of sizes", 0, int.MaxValue);
        ImmutableArray<double> numbers = reader.ReadList(
            "the number of parameters", 0, SizeNumbersMax, static (ref r) => r.ReadNumber());
        if (form == NoSizes)
        {
            return species;
        }

        SizeDistribution sizes = new((SizeForm)form, numbers, mass, massPower, count);
        return SizeForms.Problem(sizes) is { } problem ? throw WireException.Inconsistent(problem) : species with { Sizes = sizes };
    }

    // The third length of a box in two dimensions is 0.
    private static double ReadLength(this ref MessagePackReader reader)
    {
        double value = reader.ReadNumber();
        return value >= 0 && double.IsFinite(value) ? value : throw WireException.Inconsistent("a length or mass is negative or no number");
    }
}
