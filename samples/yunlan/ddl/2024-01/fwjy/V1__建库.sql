-- 房屋交易管理系统  建库脚本  2024-01

CREATE TABLE [dbo].[t_spfysxk] (
  ysxkzh nvarchar(50) NOT NULL,
  xmmc nvarchar(200),
  kfqymc nvarchar(200),
  tyshxydm nvarchar(18),
  zl nvarchar(200),
  ysld nvarchar(100),
  ysmj decimal(18,2),
  ysts int,
  zjjgzhkhx nvarchar(100),
  fzrq date,
  yxqz date,
  xkzt nvarchar(20),
  gxsj datetime2,
  PRIMARY KEY (ysxkzh)
);
GO
EXEC sp_addextendedproperty N'MS_Description', N'商品房预售许可信息表', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk';
GO
EXEC sp_addextendedproperty N'MS_Description', N'预售许可证号', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk', N'COLUMN', N'ysxkzh';
GO
EXEC sp_addextendedproperty N'MS_Description', N'项目名称', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk', N'COLUMN', N'xmmc';
GO
EXEC sp_addextendedproperty N'MS_Description', N'开发企业名称', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk', N'COLUMN', N'kfqymc';
GO
EXEC sp_addextendedproperty N'MS_Description', N'统一社会信用代码', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk', N'COLUMN', N'tyshxydm';
GO
EXEC sp_addextendedproperty N'MS_Description', N'坐落', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk', N'COLUMN', N'zl';
GO
EXEC sp_addextendedproperty N'MS_Description', N'预售楼栋', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk', N'COLUMN', N'ysld';
GO
EXEC sp_addextendedproperty N'MS_Description', N'预售面积', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk', N'COLUMN', N'ysmj';
GO
EXEC sp_addextendedproperty N'MS_Description', N'预售套数', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk', N'COLUMN', N'ysts';
GO
EXEC sp_addextendedproperty N'MS_Description', N'资金监管账户开户行', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk', N'COLUMN', N'zjjgzhkhx';
GO
EXEC sp_addextendedproperty N'MS_Description', N'发证日期', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk', N'COLUMN', N'fzrq';
GO
EXEC sp_addextendedproperty N'MS_Description', N'有效期止', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk', N'COLUMN', N'yxqz';
GO
EXEC sp_addextendedproperty N'MS_Description', N'许可状态', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk', N'COLUMN', N'xkzt';
GO
EXEC sp_addextendedproperty N'MS_Description', N'更新时间', N'SCHEMA', N'dbo', N'TABLE', N't_spfysxk', N'COLUMN', N'gxsj';
GO

CREATE TABLE [dbo].[t_fwmmhtwqba] (
  htbah nvarchar(50) NOT NULL,
  fwzl nvarchar(200),
  fwlx nvarchar(20),
  jzmj decimal(12,2),
  cjzj decimal(18,2),
  mfxm nvarchar(50),
  mfzjhm nvarchar(18),
  mfxm2 nvarchar(50),
  mfzjhm2 nvarchar(18),
  fkfs nvarchar(20),
  barq date,
  bazt nvarchar(20),
  gxsj datetime2,
  PRIMARY KEY (htbah)
);
GO
EXEC sp_addextendedproperty N'MS_Description', N'房屋买卖合同网签备案信息表', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba';
GO
EXEC sp_addextendedproperty N'MS_Description', N'合同备案号', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba', N'COLUMN', N'htbah';
GO
EXEC sp_addextendedproperty N'MS_Description', N'房屋坐落', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba', N'COLUMN', N'fwzl';
GO
EXEC sp_addextendedproperty N'MS_Description', N'房屋类型', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba', N'COLUMN', N'fwlx';
GO
EXEC sp_addextendedproperty N'MS_Description', N'建筑面积', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba', N'COLUMN', N'jzmj';
GO
EXEC sp_addextendedproperty N'MS_Description', N'成交总价', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba', N'COLUMN', N'cjzj';
GO
EXEC sp_addextendedproperty N'MS_Description', N'买方姓名', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba', N'COLUMN', N'mfxm';
GO
EXEC sp_addextendedproperty N'MS_Description', N'买方证件号码', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba', N'COLUMN', N'mfzjhm';
GO
EXEC sp_addextendedproperty N'MS_Description', N'卖方姓名', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba', N'COLUMN', N'mfxm2';
GO
EXEC sp_addextendedproperty N'MS_Description', N'卖方证件号码', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba', N'COLUMN', N'mfzjhm2';
GO
EXEC sp_addextendedproperty N'MS_Description', N'付款方式', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba', N'COLUMN', N'fkfs';
GO
EXEC sp_addextendedproperty N'MS_Description', N'备案日期', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba', N'COLUMN', N'barq';
GO
EXEC sp_addextendedproperty N'MS_Description', N'备案状态', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba', N'COLUMN', N'bazt';
GO
EXEC sp_addextendedproperty N'MS_Description', N'更新时间', N'SCHEMA', N'dbo', N'TABLE', N't_fwmmhtwqba', N'COLUMN', N'gxsj';
GO
