-- 道路运输管理系统  建库脚本  2024-01

CREATE TABLE [dbo].[t_wycjyxk] (
  xkzbh nvarchar(50) NOT NULL,
  ptgsmc nvarchar(200),
  tyshxydm nvarchar(18),
  hphm nvarchar(15),
  clsyrxm nvarchar(50),
  jsyxm nvarchar(50),
  jsyzjhm nvarchar(18),
  cyzgzh nvarchar(50),
  fzrq date,
  yxqz date,
  xkzt nvarchar(20),
  gxsj datetime2,
  PRIMARY KEY (xkzbh)
);
GO
EXEC sp_addextendedproperty N'MS_Description', N'网约车经营许可信息表', N'SCHEMA', N'dbo', N'TABLE', N't_wycjyxk';
GO
EXEC sp_addextendedproperty N'MS_Description', N'许可证编号', N'SCHEMA', N'dbo', N'TABLE', N't_wycjyxk', N'COLUMN', N'xkzbh';
GO
EXEC sp_addextendedproperty N'MS_Description', N'平台公司名称', N'SCHEMA', N'dbo', N'TABLE', N't_wycjyxk', N'COLUMN', N'ptgsmc';
GO
EXEC sp_addextendedproperty N'MS_Description', N'统一社会信用代码', N'SCHEMA', N'dbo', N'TABLE', N't_wycjyxk', N'COLUMN', N'tyshxydm';
GO
EXEC sp_addextendedproperty N'MS_Description', N'号牌号码', N'SCHEMA', N'dbo', N'TABLE', N't_wycjyxk', N'COLUMN', N'hphm';
GO
EXEC sp_addextendedproperty N'MS_Description', N'车辆所有人姓名', N'SCHEMA', N'dbo', N'TABLE', N't_wycjyxk', N'COLUMN', N'clsyrxm';
GO
EXEC sp_addextendedproperty N'MS_Description', N'驾驶员姓名', N'SCHEMA', N'dbo', N'TABLE', N't_wycjyxk', N'COLUMN', N'jsyxm';
GO
EXEC sp_addextendedproperty N'MS_Description', N'驾驶员证件号码', N'SCHEMA', N'dbo', N'TABLE', N't_wycjyxk', N'COLUMN', N'jsyzjhm';
GO
EXEC sp_addextendedproperty N'MS_Description', N'从业资格证号', N'SCHEMA', N'dbo', N'TABLE', N't_wycjyxk', N'COLUMN', N'cyzgzh';
GO
EXEC sp_addextendedproperty N'MS_Description', N'发证日期', N'SCHEMA', N'dbo', N'TABLE', N't_wycjyxk', N'COLUMN', N'fzrq';
GO
EXEC sp_addextendedproperty N'MS_Description', N'有效期止', N'SCHEMA', N'dbo', N'TABLE', N't_wycjyxk', N'COLUMN', N'yxqz';
GO
EXEC sp_addextendedproperty N'MS_Description', N'许可状态', N'SCHEMA', N'dbo', N'TABLE', N't_wycjyxk', N'COLUMN', N'xkzt';
GO
EXEC sp_addextendedproperty N'MS_Description', N'更新时间', N'SCHEMA', N'dbo', N'TABLE', N't_wycjyxk', N'COLUMN', N'gxsj';
GO

CREATE TABLE [dbo].[t_dlysjyxk] (
  yhmc nvarchar(200),
  tyshxydm nvarchar(18) NOT NULL,
  jyxkzh nvarchar(50),
  jyfw nvarchar(2000),
  yhdz nvarchar(200),
  clzs int,
  fzjg nvarchar(100),
  fzrq date,
  yxqq date,
  yxqz date,
  zlxydj nvarchar(20),
  xkzt nvarchar(20),
  gxsj datetime2,
  PRIMARY KEY (tyshxydm)
);
GO
EXEC sp_addextendedproperty N'MS_Description', N'道路运输经营许可信息表', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk';
GO
EXEC sp_addextendedproperty N'MS_Description', N'业户名称', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk', N'COLUMN', N'yhmc';
GO
EXEC sp_addextendedproperty N'MS_Description', N'统一社会信用代码', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk', N'COLUMN', N'tyshxydm';
GO
EXEC sp_addextendedproperty N'MS_Description', N'经营许可证号', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk', N'COLUMN', N'jyxkzh';
GO
EXEC sp_addextendedproperty N'MS_Description', N'经营范围', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk', N'COLUMN', N'jyfw';
GO
EXEC sp_addextendedproperty N'MS_Description', N'业户地址', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk', N'COLUMN', N'yhdz';
GO
EXEC sp_addextendedproperty N'MS_Description', N'车辆总数', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk', N'COLUMN', N'clzs';
GO
EXEC sp_addextendedproperty N'MS_Description', N'发证机关', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk', N'COLUMN', N'fzjg';
GO
EXEC sp_addextendedproperty N'MS_Description', N'发证日期', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk', N'COLUMN', N'fzrq';
GO
EXEC sp_addextendedproperty N'MS_Description', N'有效期起', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk', N'COLUMN', N'yxqq';
GO
EXEC sp_addextendedproperty N'MS_Description', N'有效期止', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk', N'COLUMN', N'yxqz';
GO
EXEC sp_addextendedproperty N'MS_Description', N'质量信誉等级', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk', N'COLUMN', N'zlxydj';
GO
EXEC sp_addextendedproperty N'MS_Description', N'许可状态', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk', N'COLUMN', N'xkzt';
GO
EXEC sp_addextendedproperty N'MS_Description', N'更新时间', N'SCHEMA', N'dbo', N'TABLE', N't_dlysjyxk', N'COLUMN', N'gxsj';
GO
