using System.Globalization;
using ActorMD.Files.Inputs;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Files.States;

// What one field of a row says.
internal sealed partial class FrameBuilder
{
    private void Fault(string? key, string problem, string remedy) => reading.FaultAt(_line, key, problem, remedy);

    // ASE has momenta and no velocities. Of both, velocities are those with all digits.
    private Vec3 Velocity(Vec3 velocity, Vec3 momentum, double mass)
    {
        if (!_hasVelocities)
        {
            Vec3 quotient = new(momentum.X / mass, momentum.Y / mass, momentum.Z / mass);
            if (!(Math.Max(Math.Abs(quotient.X), Math.Max(Math.Abs(quotient.Y), Math.Abs(quotient.Z))) <= FileNumber.Max))
            {
                Fault("momenta", "the velocity, momentum over mass, is too large to calculate with", "choose other units");
            }

            return quotient;
        }

        for (int axis = 0; axis < 3; axis++)
        {
            // Programs that write eight decimals are not contradicted.
            double expected = mass * velocity[axis],
                slack = 1e-6 * Math.Max(Math.Abs(expected), Math.Abs(momentum[axis])) + 2e-8 * (1 + mass);
            if (!(Math.Abs(momentum[axis] - expected) <= slack))
            {
                Fault(
                    "momenta", Invariant($"the momentum {momentum[axis]} is not mass times velocity, {expected}"),
                    "remove one of the two columns");
                break;
            }
        }

        return velocity;
    }

    private int IndexOf(string? species, string? type)
    {
        int? number = type is null ? null : SpeciesTable.NumberOf(type);
        if (type is not null && number is null && (_hasSpecies || TypesAreNumbers))
        {
            Fault("type", $"'{FrameReading.Shorten(type)}' is not the number of a type", "give a whole number, 1 or more");
            return -1;
        }

        int index = reading.Species.IndexOf(species ?? (number is null ? type : null), number, out string? problem);
        if (problem is not null)
        {
            Fault("type", problem, "give each type one name in the whole file");
        }

        return index;
    }

    private string? Name(string field, int column)
    {
        string? problem = field.Length == 0 ? "the species is empty"
            : field.Any(c => char.IsControl(c) || c == '\uFFFD') ? "the species has characters that are no text"
            : null;
        if (problem is null)
        {
            return field;
        }

        Fault(names[column], problem, "give a name");
        return null;
    }

    private double Number(string field, int column, double max = FileNumber.Max)
    {
        if (FileNumber.TryParse(field, out double value, out string? problem, max))
        {
            return value;
        }

        Fault(names[column], $"'{FrameReading.Shorten(field)}' {problem}", "give a decimal number");
        return double.NaN;
    }

    private double Positive(string field, int column, double scale = 1)
    {
        if (FileNumber.TryParsePositive(field, out double value, out string? problem, scale))
        {
            return value;
        }

        Fault(names[column], $"'{FrameReading.Shorten(field)}' {problem}", "give a number above 0");
        return double.NaN;
    }

    private long Whole(string field, int column)
    {
        if (!long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            Fault(names[column], $"'{FrameReading.Shorten(field)}' is not a whole number", "give the particle's or the frame's number");
        }

        return value;
    }

    private long Id(string field, int column)
    {
        long id = Whole(field, column);
        if (id < FirstId || id == long.MaxValue)
        {
            Fault(
                names[column], Invariant($"the id {id} is out of range"), Invariant($"ids of this format begin at {FirstId}"));
        }

        return id;
    }
}
