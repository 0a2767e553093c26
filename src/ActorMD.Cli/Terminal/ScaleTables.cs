using System.Globalization;
using System.Text;
using ActorMD.Files.Whole;
using ActorMD.Kinetic.Scalings;
using ActorMD.Physics;

namespace ActorMD.Cli.Terminal;

/// <summary>The scales of a gas as CSV: species.csv and pairs.csv.</summary>
internal static class ScaleTables
{
    public static void Write(string directory, Gas gas, GasScales scales)
    {
        StringBuilder species = new("species,count,mass,diameter,c,rate,mean_free_time,mean_free_path\n");
        for (int a = 0; a < gas.Species.Length; a++)
        {
            SpeciesScale s = scales.Species[a];
            species.Append(CultureInfo.InvariantCulture, $"{s.Name},{s.Count},{gas.Species[a].Mass:R},{s.Diameter:R},{s.Constant:R},{s.Rate:R},{s.MeanFreeTime:R},{s.MeanFreePath:R}\n");
        }

        StringBuilder pairs = new("pair,contact,limit_constant,contact_value,rate_dilute,rate\n");
        foreach (PairScale p in scales.Pairs)
        {
            pairs.Append(
                CultureInfo.InvariantCulture,
                $"{ScaleReport.PairName(gas, p)},{p.Contact:R},{p.LimitConstant:R},{p.ContactValue:R},{p.RateDilute:R},{p.Rate:R}\n");
        }

        WholeFile.Write(Path.Combine(directory, "species.csv"), species.ToString());
        WholeFile.Write(Path.Combine(directory, "pairs.csv"), pairs.ToString());
    }
}
