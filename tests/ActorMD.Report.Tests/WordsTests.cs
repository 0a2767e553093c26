using ActorMD.Report.Tables;

namespace ActorMD.Report.Tests;

public sealed class WordsTests
{
    [Theory]
    [InlineData(1.05617, 0.00123, "1.0562 ± 0.0012")]
    [InlineData(19011.09, 17.3, "19011 ± 17")]
    [InlineData(1.5, 1e-17, "1.5")]
    [InlineData(2e-9, 1e-10, "2e-9 ± 1e-10")]
    public void A_value_has_as_many_digits_as_its_error_leaves(double value, double error, string expected) =>
        Assert.Equal(expected, Words.WithError(value, error));

    [Fact]
    public void What_is_undefined_is_a_dash() => Assert.Equal("–", Words.Number(double.NaN));

    [Fact]
    public void A_table_reads_quoted_fields_and_leaves_out_half_a_row()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "# comment\na,b,c\n1,\"x, y\",2\n3,z,\n4,w");
        CsvTable table = CsvTable.Read(path)!;
        File.Delete(path);

        Assert.Equal(2, table.Count);
        Assert.Equal("x, y", table.Text(0, "b"));
        Assert.True(double.IsNaN(table.Number(1, "c")));
        Assert.True(table.IsNumeric("c"));
        Assert.False(table.IsNumeric("b"));
        Assert.False(table.Has("d"));
    }
}
