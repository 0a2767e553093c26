using System.Globalization;

namespace ActorMD.Kinetic.Scalings;

/// <summary>A scaling cannot be solved from what is given. The message says what is missing or contradicts.</summary>
public sealed class ScalingException : Exception
{
    private ScalingException(string message)
        : base(message)
    {
    }

    internal static ScalingException Dimension(int dimension) => new(Text($"the dimension is {dimension}; 2 or 3 is possible"));

    internal static ScalingException NotPositive(string quantity, double value) => new(Text(
        $"{quantity} is {value}; a finite number above 0 is needed"));

    internal static ScalingException NoSpecies() => new("no species is given; a mixture needs one at least");

    internal static ScalingException Missing(string species, string missing) => new(Text(
        $"species {species}: {missing} cannot be found from what is given; of count N, diameter and c = N diameter^(d-1) two are needed, where the diameter may follow from the ratio b to the last species"));

    internal static ScalingException Contradiction(string species, double count, double diameter, double constant) => new(Text(
        $"species {species}: N = {count}, diameter {diameter} and c = {constant} contradict each other, since c = N diameter^(d-1); leave one of them out"));

    internal static ScalingException RatioContradiction(string species, double ratio, double present) => new(Text(
        $"species {species}: the diameter ratio b = {ratio} contradicts the diameters, whose ratio is {present}; leave one of them out"));

    internal static ScalingException TooManyParticles(string species, double count) => new(Text(
        $"species {species}: {count:0.###e+0} particles are too many or fewer than one; between 1 and {int.MaxValue} are possible"));

    internal static ScalingException NoCount() => new(
        "the number of particles N is missing; give it, or both constant c and distance of one order");

    internal static ScalingException OrderUnsolved(int order) => new(Text(
        $"order {order} needs its constant c or its distance"));

    internal static ScalingException OrderContradiction(int order, double count, double distance, double constant) => new(Text(
        $"order {order}: N = {count}, distance {distance} and c = {constant} contradict each other, since c = N^l distance^(l d - 1) with l = {order - 1}; leave one of them out"));

    internal static ScalingException Orders() => new(
        "orders must be different, 2 and above, and order 2 (the diameter) must be among them");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
