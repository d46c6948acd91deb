using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Tests.Networks;

public sealed class KeyValuesTests
{
    [Fact]
    public void Copies_of_an_item_lie_side_by_side()
    {
        using var scope = NewDisposeScope();
        var context = new KeyValues(tensor(new[] { 1f, 2 }).view(2, 1, 1, 1), tensor(new[] { 3f, 4 }).view(2, 1, 1, 1));

        var (keys, values, _) = context.Repeat(3);

        keys.shape.Should().Equal(6, 1, 1, 1);
        keys.data<float>().ToArray().Should().Equal(1, 1, 1, 2, 2, 2);
        values.data<float>().ToArray().Should().Equal(3, 3, 3, 4, 4, 4);
    }

    [Fact]
    public void One_copy_is_no_reuse()
    {
        using var scope = NewDisposeScope();
        var context = new KeyValues(ones(2, 1, 3, 4), ones(2, 1, 3, 4));

        context.Repeat(1).Should().BeSameAs(context);
    }
}
