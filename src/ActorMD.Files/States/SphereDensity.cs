namespace ActorMD.Files.States;

/// <summary>LAMMPS gives spheres a density instead of a mass: mass = density (pi/6) diameter^3, in two dimensions too.</summary>
internal static class SphereDensity
{
    public static double MassOf(double density, double radius) => density * Volume(radius);

    /// <summary>The density whose mass is nearest: equal, or different in the last digit.</summary>
    public static double Of(double mass, double radius)
    {
        double density = mass / Volume(radius);
        double error = Math.Abs(MassOf(density, radius) - mass);
        foreach (double near in new[] { Math.BitIncrement(density), Math.BitDecrement(density) })
        {
            if (Math.Abs(MassOf(near, radius) - mass) is double other && other < error)
            {
                (density, error) = (near, other);
            }
        }

        return density;
    }

    private static double Volume(double radius) => Math.PI / 6 * (2 * radius) * (2 * radius) * (2 * radius);
}
